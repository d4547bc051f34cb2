import { createHmac, timingSafeEqual } from 'node:crypto';

/** How far a signature's time may be from ours, either way. */
const TOLERANCE_MS = 5 * 60_000;
const SIGNATURE = /^v=(\d{1,15}),d=([0-9a-f]{64})$/;

/** Null when the signature is right and fresh; else why it is not. Compares in constant time. */
export function signatureProblem(
  rawBody: Buffer,
  header: string | string[] | undefined,
  { secret, nowMs }: { secret: string; nowMs: number },
): string | null {
  if (header === undefined) return 'not signed';
  if (secret === '') return 'there is no secret to check the signature with';
  const [, signedAt, hex] = SIGNATURE.exec(String(header)) ?? [];
  if (signedAt === undefined || hex === undefined) return 'the signature is not of the form v=<ms>,d=<hex>';
  if (!timingSafeEqual(digest(rawBody, secret, signedAt), Buffer.from(hex, 'hex')))
    return 'the signature does not match the body';
  if (Math.abs(nowMs - Number(signedAt)) > TOLERANCE_MS)
    return `signed more than ${TOLERANCE_MS / 60_000} minutes from now`;
  return null;
}

function digest(rawBody: Buffer | string, secret: string, signedAt: string): Buffer {
  return createHmac('sha256', secret).update(rawBody).update(signedAt).digest();
}
