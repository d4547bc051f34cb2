import fc from 'fast-check';
import examples from 'libphonenumber-js/examples.mobile.json';
import {
  getCountryCallingCode,
  parsePhoneNumberFromString,
  type CountryCode,
  type PhoneNumber,
} from 'libphonenumber-js/max';
import metadata from 'libphonenumber-js/metadata.max.json';
import { callingCodeOf, fastE164 } from './fast-e164.js';
import { checkPhone, PHONE_DIGITS_MIN } from './phone.js';

const SEED = 20261126;
/** More by `PHONE_MUTATIONS=1000000 npm test -- fast-e164`. */
const MUTATIONS = Number(process.env.PHONE_MUTATIONS ?? 30_000);
/** Where the metadata keeps the patterns of a country's types of number, and how many numbers of each are made. */
const TYPES = 11;
const PER_TYPE = 4;
const NON_GEOGRAPHIC = ['+80012345678', '+870773111632', '+883510012345', '+97912345678'];

/** One example mobile number of every country, in E.164. */
const EXAMPLES = Object.entries(examples as Record<string, string>).map(
  ([country, national]) => `+${getCountryCallingCode(country as CountryCode)}${national}`,
);

/** The library's type, but for fixed lines that may be mobile too. */
function typeOf(parsed: PhoneNumber): string | null {
  return parsed.getType()?.replace('FIXED_LINE_OR_MOBILE', 'FIXED_LINE') ?? null;
}

function askLibrary(text: string): { phone: string; country: string | null; type: string | null } | null {
  const parsed = parsePhoneNumberFromString(text, { extract: false });
  return parsed?.isValid() ? { phone: parsed.number, country: parsed.country ?? null, type: typeOf(parsed) } : null;
}

/** Numbers of every kind that a country has: made from the patterns of its numbering plan, and kept when they are valid. */
const OF_EVERY_TYPE = Object.entries(metadata.countries as unknown as Record<string, unknown[]>).flatMap(
  ([country, plan]) =>
    ((plan[TYPES] as ([string] | 0)[] | undefined) ?? []).flatMap((type) =>
      type === 0 || type[0] === ''
        ? []
        : fc
            .sample(fc.stringMatching(new RegExp(`^(?:${type[0]})$`)), { numRuns: PER_TYPE, seed: SEED })
            .map((national) => `+${getCountryCallingCode(country as CountryCode)}${national}`),
    ),
);

describe('fastE164', () => {
  it('agrees with the library over an example number of every country', () => {
    expect(EXAMPLES.length).toBeGreaterThan(230);
    for (const text of [...EXAMPLES, ...NON_GEOGRAPHIC])
      expect([text, fastE164(text)]).toEqual([text, askLibrary(text)]);
  });

  it('agrees with the library over numbers of every type of every country', () => {
    expect(OF_EVERY_TYPE.length).toBeGreaterThan(2_000);
    expect(disagreements(OF_EVERY_TYPE)).toEqual([]);
    expect(OF_EVERY_TYPE.filter((text) => fastE164(text)).length).toBeGreaterThan(OF_EVERY_TYPE.length * 0.9);
  });

  it(`accepts nothing that the library refuses or reads differently, in ${MUTATIONS} changed numbers`, () => {
    const random = seededRandom(SEED);
    const seeds = [...EXAMPLES, ...NON_GEOGRAPHIC, ...OF_EVERY_TYPE];
    const texts = Array.from({ length: MUTATIONS }, () =>
      mutate(seeds[Math.floor(random() * seeds.length)] ?? '', random),
    );
    expect(disagreements(texts)).toEqual([]);
    const accepted = texts.filter((text) => fastE164(text)).length;
    const missed = texts.filter((text) => !fastE164(text) && askLibrary(text)?.phone === text).length;
    // The test means nothing unless both kinds occur, and the fast path is of no use if it leaves work to the library.
    expect(accepted).toBeGreaterThan(MUTATIONS / 4);
    expect(accepted).toBeLessThan(MUTATIONS * 0.9);
    expect(missed).toBeLessThan(MUTATIONS / 200);
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

/** Where the fast check accepts something else than the library, or the check that uses it decides otherwise; we ask for 7 digits. */
function disagreements(texts: readonly string[]): unknown[] {
  return texts.flatMap((text): unknown[] => {
    const check = checkPhone(text, { skipPhoneCheck: false, allowCostlyNumbers: true });
    if (text.length <= PHONE_DIGITS_MIN || text.length > 16) return check.ok ? [text] : [];
    const [fast, library] = [fastE164(text), askLibrary(text)];
    const fastAgrees = !fast || (['phone', 'country', 'type'] as const).every((key) => fast[key] === library?.[key]);
    const checkAgrees = check.ok ? check.phone === library?.phone && check.country === library.country : !library;
    return fastAgrees && checkAgrees ? [] : [{ text, fast, library, check }];
  });
}

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
