import { SettingError } from '../settings.js';

/** Beyond it an installation means everybody, which is what this setting is not for. */
const ORIGINS_MAX = 50;

/**
 * The origins whose pages may call the API with a key: exact ones, separated by commas or spaces. None: pages of this
 * address only. @throws SettingError that names the variable and says what to write
 */
export function readCorsOrigins(text: string | undefined): string[] {
  const entries = (text ?? '').split(/[\s,]+/).filter((entry) => entry !== '');
  for (const entry of entries) {
    const isExact =
      !entry.includes('*') &&
      URL.canParse(entry) &&
      /^https?:$/.test(new URL(entry).protocol) &&
      new URL(entry).origin === entry;
    if (!isExact)
      throw new SettingError(
        `DIALWRIGHT_CORS_ORIGINS: '${entry.slice(0, 100)}' is not an exact origin; write scheme, host and port as a browser sends them, e.g. https://app.example.com. There is no wildcard`,
      );
  }
  if (entries.length > ORIGINS_MAX)
    throw new SettingError(`DIALWRIGHT_CORS_ORIGINS names more than ${ORIGINS_MAX} origins`);
  return [...new Set(entries)];
}
