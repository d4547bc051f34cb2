import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { PlainError } from './loggable.js';
import { SettingError } from './settings.js';

/**
 * Encrypts secrets for the database, each for one row: `ownerId` is authenticated with the text, so that a ciphertext
 * that was changed, or copied to another row, cannot be opened.
 */
export type SecretBox = {
  seal(text: string, ownerId: string): string;
  /** A secret of its own for another purpose, the same in every process with this key. */
  derive(purpose: string): string;
  /** @throws UnreadableSecretError */
  open(sealed: string, ownerId: string): string;
};

/** `previousKey` opens what was sealed before the key was changed; nothing is sealed with it. */
type Keys = { key: string | undefined; previousKey: string | undefined };

/** The stored text was not sealed with one of our keys for this row, or has been changed since. */
export class UnreadableSecretError extends PlainError {
  override readonly name = 'UnreadableSecretError';
  readonly code = 'UNREADABLE_SECRET';
  constructor(readonly ownerId: string) {
    super(
      `a secret of ${ownerId} cannot be decrypted: it was sealed with another key, or changed. Set DIALWRIGHT_ENCRYPTION_KEY to the key that it was sealed with, or enter the secret again`,
    );
  }
}

const CIPHER = 'aes-256-gcm';
/** 32 bytes, in base64. */
const KEY = /^[A-Za-z0-9+/]{43}=$/;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** `v1:<nonce>.<ciphertext and tag>`, both in base64. */
const SEALED = /^v1:([A-Za-z0-9+/]{16})\.([A-Za-z0-9+/]+={0,2})$/;

/** @throws SettingError when the key is missing, or one of the two is not a key */
export function createSecretBox({ key, previousKey }: Keys): SecretBox {
  if (!key)
    throw new SettingError(
      'Set DIALWRIGHT_ENCRYPTION_KEY to 32 random bytes in base64, and keep it: openssl rand -base64 32',
    );
  const current = readKey('DIALWRIGHT_ENCRYPTION_KEY', key);
  const keys = previousKey ? [current, readKey('DIALWRIGHT_ENCRYPTION_KEY_PREVIOUS', previousKey)] : [current];
  return {
    seal(text, ownerId) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, current, nonce).setAAD(Buffer.from(ownerId));
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `v1:${nonce.toString('base64')}.${sealed.toString('base64')}`;
    },
    derive: (purpose) => Buffer.from(hkdfSync('sha256', current, '', purpose, 32)).toString('base64'),
    open(sealed, ownerId) {
      const [, nonce = '', bytes = ''] = SEALED.exec(sealed) ?? [];
      const parts = { nonce: Buffer.from(nonce, 'base64'), bytes: Buffer.from(bytes, 'base64'), ownerId };
      const text = keys.map((each) => openWith(each, parts)).find((opened) => opened !== null);
      if (text === undefined) throw new UnreadableSecretError(ownerId);
      return text;
    },
  };
}

/** The value stays out of the message: it may be a key with a typing error. */
function readKey(name: string, text: string): Buffer {
  if (KEY.test(text)) return Buffer.from(text, 'base64');
  throw new SettingError(`${name} must be 32 bytes in base64 (44 characters): openssl rand -base64 32`);
}

type Parts = { nonce: Buffer; bytes: Buffer; ownerId: string };

function openWith(key: Buffer, { nonce, bytes, ownerId }: Parts): string | null {
  if (nonce.length !== NONCE_BYTES || bytes.length < TAG_BYTES) return null;
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(ownerId))
    .setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]).toString('utf8');
  } catch {
    return null;
  }
}
