import { createHmac } from 'node:crypto';

/**
 * The value of the signature header. The digest covers the body's bytes and then the time's digits, so that a receiver
 * can refuse an old body that is sent again.
 */
export function signBody(rawBody: Buffer | string, secret: string, atMs: number): string {
  const digest = createHmac('sha256', secret).update(rawBody).update(String(atMs)).digest('hex');
  return `v=${atMs},d=${digest}`;
}
