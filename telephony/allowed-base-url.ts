const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** With this address an account would send its key and its recipients' numbers in the clear, or it is no address. */
export class BaseUrlNotAllowedError extends Error {
  override readonly name = 'BaseUrlNotAllowedError';
  readonly code = 'BASE_URL_NOT_ALLOWED';
}

/** Whether a provider account may have this address: https anywhere, http on this machine only, no user name in it. */
export function isAllowedBaseUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname, username, password } = new URL(url);
  if (username !== '' || password !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.test(hostname));
}
