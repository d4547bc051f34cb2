import { describe, expect, it } from '@jest/globals';
import { quoted } from './field-problem.js';
import { foldHeader } from './imports/columns.js';
import { describeInvisible, withoutInvisible } from './invisible.js';

const INVISIBLE = [
  0x00ad, 0x034f, 0x061c, 0x180e, 0x200b, 0x200d, 0x200e, 0x202a, 0x2060, 0x2066, 0x3164, 0xfe0f, 0xfeff, 0xfffa,
  0xe0041, 0x0007, 0x0085,
];

describe('what cannot be seen', () => {
  it.each(INVISIBLE)('is taken out, ignored in a header, and named in a message: %d', (code) => {
    const text = `phone${String.fromCodePoint(code)}_number`;
    expect(withoutInvisible(text)).toBe('phone_number');
    expect(foldHeader(text)).toBe('phone number');
    expect(quoted(text)).toContain(`(with the invisible U+${code.toString(16).toUpperCase().padStart(4, '0')}`);
  });

  it.each(['phone_number', 'Zoë', 'محمد', 'नमस्ते', 'a\tb\nc', '٣', '🙂', 'e\u0301'])('is not in %j', (text) => {
    expect([withoutInvisible(text), describeInvisible(text)]).toEqual([text, '']);
  });

  it('is named three times at most, wherever in the beginning of a text it stands', () => {
    expect(describeInvisible('a\u200bb\u200bc')).toBe(' (with the invisible U+200B zero width space)');
    expect(describeInvisible('\u200b\u200c\u200d\u2060')).toMatch(/zero width joiner and more\)$/);
    expect(quoted(`${'a'.repeat(100)}\u200b`)).toContain('zero width space');
  });

  it('leaves no half of a character in a message', () => {
    expect(quoted(`${'a'.repeat(39)}🙂b`)).toBe(`'${'a'.repeat(39)}…'`);
  });
});
