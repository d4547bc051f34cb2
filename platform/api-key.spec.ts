import { randomBytes } from 'node:crypto';
import { isApiKey, shownPart, writeApiKey } from './api-key.js';

it.each([Buffer.alloc(32), Buffer.alloc(32, 255), randomBytes(32)])(
  'a key is letters and digits, whatever it is made of',
  (random) => {
    const key = writeApiKey(random);
    expect(key).toMatch(/^dw_[0-9A-Za-z]{49}$/);
    expect(isApiKey(key)).toBe(true);
    expect(key.startsWith(shownPart(key))).toBe(true);
  },
);

it('a text with one character changed, cut or added is no key', () => {
  const key = writeApiKey(randomBytes(32));
  const other = key[10] === 'a' ? 'b' : 'a';
  const changed = key.slice(0, 10) + other + key.slice(11);
  expect([changed, key.slice(0, -1), `${key}0`, key.slice(3), `dw_${'a'.repeat(49)}`].map(isApiKey)).toEqual(
    Array(5).fill(false),
  );
});
