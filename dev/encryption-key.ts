import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * The key that the credentials in this folder's database are encrypted with: made once, kept beside the data, readable
 * for its owner only. A key in the environment comes first.
 */
export function keepEncryptionKey(dir: string): string {
  const given = process.env['DIALWRIGHT_ENCRYPTION_KEY'];
  if (given) return given;
  const file = path.join(dir, 'encryption-key');
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  const key = randomBytes(32).toString('base64');
  mkdirSync(dir, { recursive: true });
  writeFileSync(file, `${key}\n`, { mode: 0o600 });
  return key;
}
