import { RETELL_BASE_URL } from './retell/adapter.js';

/** Where the accounts of a kind are, unless told otherwise. The simulated carrier is wherever it was started. */
const DEFAULT_BASE_URLS: Record<string, string> = { retell: RETELL_BASE_URL };

export function defaultBaseUrl(kind: string): string | null {
  return Object.hasOwn(DEFAULT_BASE_URLS, kind) ? (DEFAULT_BASE_URLS[kind] ?? null) : null;
}
