import { publicId } from '../domain/ids.js';

/**
 * Where a provider sends what it has to tell of an account's calls, or of the call of one attempt. `publicUrl` is this
 * installation's own address. @returns null where that is not known
 */
export function callbackUrl(publicUrl: string | null, providerAccountId: string, attemptId?: string): string | null {
  if (publicUrl === null) return null;
  const url = `${publicUrl}/v1/webhooks/${publicId('providerAccount', providerAccountId)}`;
  return attemptId === undefined ? url : `${url}?attempt=${publicId('attempt', attemptId)}`;
}
