/** No thing has it. */
const NO_VERSION = 0;
const VERSION_TAG = /^"(\d{1,9})"$/;

/** The header that says which version an answer shows. */
export function versionHeader(version: number): { ETag: string } {
  return { ETag: `"${version}"` };
}

/**
 * The version that a change asks for; null: any. A tag that is none of ours, a weak one, and several of them match no version:
 * whoever sends them must not change what they have not seen.
 */
export function readIfMatch(header: string | undefined): number | null {
  const tag = header?.trim();
  if (tag === undefined || tag === '*') return null;
  return Number(VERSION_TAG.exec(tag)?.[1] ?? NO_VERSION);
}
