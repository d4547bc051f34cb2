import { describe, expect, it } from '@jest/globals';
import { createSecretBox, UnreadableSecretError } from './secret-box.js';
import { SettingError } from './settings.js';

const KEY = Buffer.alloc(32, 1).toString('base64');
const NEXT_KEY = Buffer.alloc(32, 2).toString('base64');
const box = createSecretBox({ key: KEY, previousKey: undefined });

describe('a sealed secret', () => {
  it.each(['key_abc', '', 'ä€😀', 'x'.repeat(5_000)])('opens to what was sealed: %#', (text) => {
    expect(box.open(box.seal(text, 'account-1'), 'account-1')).toBe(text);
  });

  it('does not hold the text, and looks different each time', () => {
    const sealed = box.seal('key_abc', 'account-1');
    expect(sealed).toMatch(/^v1:[A-Za-z0-9+/]{16}\.[A-Za-z0-9+/=]+$/);
    expect(Buffer.from(sealed.split('.')[1] ?? '', 'base64').toString('latin1')).not.toContain('key_abc');
    expect(box.seal('key_abc', 'account-1')).not.toBe(sealed);
  });

  it('cannot be opened in another row', () => {
    const sealed = box.seal('key_abc', 'account-1');
    expect(() => box.open(sealed, 'account-2')).toThrow(UnreadableSecretError);
    expect(() => box.open(sealed, 'account-2')).toThrow(/account-2/);
  });

  it('cannot be opened when any byte of it was changed, or a part is missing', () => {
    const [head = '', body = ''] = box.seal('key_abc', 'account-1').split('.');
    const bytes = Buffer.from(body, 'base64');
    const changed = [...bytes.keys()].map((at) => {
      const copy = Buffer.from(bytes);
      copy[at] = (copy[at] ?? 0) ^ 1;
      return `${head}.${copy.toString('base64')}`;
    });
    const nonce = `v1:${Buffer.alloc(12).toString('base64')}.${body}`;
    const cut = [...bytes.keys()].map((length) => `${head}.${bytes.subarray(0, length).toString('base64')}`);
    for (const sealed of [...changed, ...cut, nonce, `v2${head.slice(2)}.${body}`, head, 'key_abc', ''])
      expect(() => box.open(sealed, 'account-1')).toThrow(UnreadableSecretError);
  });

  it('opens with the previous key after a change of the key, and only then', () => {
    const sealed = box.seal('key_abc', 'account-1');
    const after = createSecretBox({ key: NEXT_KEY, previousKey: KEY });
    expect(after.open(sealed, 'account-1')).toBe('key_abc');
    const alone = createSecretBox({ key: NEXT_KEY, previousKey: undefined });
    expect(() => alone.open(sealed, 'account-1')).toThrow(UnreadableSecretError);
    expect(alone.open(after.seal('key_abc', 'account-1'), 'account-1')).toBe('key_abc');
  });
});

describe('the encryption key', () => {
  it.each([undefined, ''])('is required: %j', (key) => {
    expect(() => createSecretBox({ key, previousKey: undefined })).toThrow(SettingError);
    expect(() => createSecretBox({ key, previousKey: undefined })).toThrow(/DIALWRIGHT_ENCRYPTION_KEY/);
  });

  it.each(['short', `${KEY}=`, Buffer.alloc(31).toString('base64'), Buffer.alloc(33).toString('base64'), `${KEY}\n`])(
    'is refused when it is not 32 bytes in base64, without being repeated: %#',
    (key) => {
      const make = () => createSecretBox({ key, previousKey: undefined });
      expect(make).toThrow(/^DIALWRIGHT_ENCRYPTION_KEY must be 32 bytes/);
      expect(make).not.toThrow(key);
      expect(() => createSecretBox({ key: KEY, previousKey: key })).toThrow(/^DIALWRIGHT_ENCRYPTION_KEY_PREVIOUS must/);
    },
  );
});
