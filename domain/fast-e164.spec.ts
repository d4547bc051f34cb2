import examples from 'libphonenumber-js/examples.mobile.json';
import { getCountryCallingCode, parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/max';
import { callingCodeOf, fastE164 } from './fast-e164.js';

const SEED = 20261126;
const MUTATIONS = 20_000;
const NON_GEOGRAPHIC = ['+80012345678', '+870773111632', '+883510012345', '+97912345678'];

/** One example mobile number of every country, in E.164. */
const EXAMPLES = Object.entries(examples as Record<string, string>).map(
  ([country, national]) => `+${getCountryCallingCode(country as CountryCode)}${national}`,
);

function askLibrary(text: string): { phone: string; country: string | null } | null {
  const parsed = parsePhoneNumberFromString(text, { extract: false });
  return parsed?.isValid() ? { phone: parsed.number, country: parsed.country ?? null } : null;
}

describe('fastE164', () => {
  it('agrees with the library over an example number of every country', () => {
    expect(EXAMPLES.length).toBeGreaterThan(230);
    for (const text of [...EXAMPLES, ...NON_GEOGRAPHIC])
      expect([text, fastE164(text)]).toEqual([text, askLibrary(text)]);
  });

  it(`accepts nothing that the library refuses or reads differently, in ${MUTATIONS} changed numbers`, () => {
    const random = seededRandom(SEED);
    let accepted = 0;
    let missed = 0;
    for (let i = 0; i < MUTATIONS; i++) {
      const text = mutate(EXAMPLES[Math.floor(random() * EXAMPLES.length)] ?? '', random);
      const fast = fastE164(text);
      const library = askLibrary(text);
      if (fast) expect([text, fast]).toEqual([text, library]);
      if (fast) accepted++;
      else if (library?.phone === text) missed++;
    }
    // The test means nothing unless both kinds occur, and the fast path is of no use if it leaves work to the library.
    expect(accepted).toBeGreaterThan(MUTATIONS / 4);
    expect(accepted).toBeLessThan(MUTATIONS * 0.9);
    expect(missed).toBeLessThan(MUTATIONS / 1000);
  });

  it.each(['', '+', '2025550123', '+1 202 555 0123', '+12025550123\n', '+0012025550123', '+1555', '+999123456789'])(
    'leaves %j to the library',
    (text) => {
      expect(fastE164(text)).toBeNull();
    },
  );

  it.each([
    ['+12025550123', '1'],
    ['+34612345678', '34'],
    ['+35850123456', '358'],
    ['+999', null],
    ['12025550123', null],
  ])('finds that the calling code of %s is %s', (text, code) => {
    expect(callingCodeOf(text)).toBe(code);
  });
});

function mutate(text: string, random: () => number): string {
  const digits = text.split('');
  const at = () => 2 + Math.floor(random() * (digits.length - 2));
  const changes = Math.floor(random() * 4);
  for (let i = 0; i < changes; i++) digits[at()] = String(Math.floor(random() * 10));
  if (random() < 0.1) digits.splice(at(), 0, '0');
  if (random() < 0.05) digits.push('7');
  if (random() < 0.05) digits.splice(at(), 1);
  return digits.join('');
}

/** mulberry32: small, seeded, good enough to pick test cases. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
