import { ID_PREFIXES, parsePublicId, publicId, type IdKind } from './ids.js';

const UUID = '019aab12-3c4d-7e5f-8a6b-0123456789ab';
const KINDS = Object.keys(ID_PREFIXES) as IdKind[];

describe('public ids', () => {
  it.each(KINDS)('turns a %s uuid into its public form and back', (kind) => {
    const text = publicId(kind, UUID);
    expect(text).toBe(`${ID_PREFIXES[kind]}_019aab123c4d7e5f8a6b0123456789ab`);
    expect(parsePublicId(kind, text)).toBe(UUID);
  });

  it('gives every kind its own prefix', () => {
    expect(new Set(Object.values(ID_PREFIXES)).size).toBe(KINDS.length);
  });

  it('shows an upper-case uuid in lower case', () => {
    expect(publicId('batch', UUID.toUpperCase())).toBe(publicId('batch', UUID));
  });

  it('refuses an id of another kind', () => {
    expect(parsePublicId('batch', publicId('agent', UUID))).toBeNull();
  });

  it.each([
    ['an empty text', ''],
    ['a bare uuid', UUID],
    ['dashes after the prefix', `bat_${UUID}`],
    ['a short id', 'bat_019aab12'],
    ['a letter beyond f', 'bat_019aab123c4d7e5f8a6b0123456789ag'],
    ['upper case', 'bat_019AAB123C4D7E5F8A6B0123456789AB'],
    ['a trailing line feed', 'bat_019aab123c4d7e5f8a6b0123456789a\n'],
  ])('refuses %s', (_what, text) => {
    expect(parsePublicId('batch', text)).toBeNull();
  });

  it('throws when asked for the public form of something that is not a uuid', () => {
    expect(() => publicId('batch', 'bat_1')).toThrow(RangeError);
  });
});
