import fc from 'fast-check';
import { checkPhone, type PhoneCheckOptions, type PhoneProblemCode } from './phone.js';

const SEED = 20261129;
const DASHES = '-‐‑‒–—―−﹣－⁻➖';
const ZEROS = '٠۰߀०০੦૦୦௦౦೦൦๐໐༠၀០᠐０𝟎𝟘𝟬𝟶';
const INVISIBLE = '\u200b\u200c\u200d\u200e\u200f\u061c\u2060\u2066\u2069\ufeff\u00ad\ufe0e\ufe0f\u{e0100}\u034f\u3164';

type Country = { defaultCountry?: string; numbersWithoutPlus?: 'unambiguous' | 'national' | 'international' };
const US = { defaultCountry: 'US' };
const DE = { defaultCountry: 'DE' };

function read(raw: string, options: Partial<PhoneCheckOptions> = {}): string {
  const check = checkPhone(raw, { skipPhoneCheck: false, ...options });
  return check.ok ? check.phone : check.code;
}

describe('a number that a spreadsheet calculated or rounded', () => {
  it.each<[string, Country, PhoneProblemCode]>([
    ...[...DASHES].flatMap((dash): [string, Country, PhoneProblemCode][] => [
      [`${dash}2025550122`, US, 'phone_calculated'],
      [`2025550122${dash}`, US, 'phone_calculated'],
      [` + ${dash} 2025550122`, US, 'phone_calculated'],
    ]),
    ["'-2025550122", US, 'phone_calculated'],
    ['="-2025550122"', US, 'phone_calculated'],
    ['=-2025550122', US, 'phone_calculated'],
    ['-2025550122.0', US, 'phone_calculated'],
    ['-(202) 555-0122', US, 'phone_calculated'],
    ['(2025550122)', US, 'phone_calculated'],
    ['(2025550122.00)', US, 'phone_calculated'],
    ['（2025550122）', US, 'phone_calculated'],
    ['(2,025,550,122)', US, 'phone_calculated'],
    ['2,025,550,122', US, 'phone_calculated'],
    ['12,025,550,122.00', US, 'phone_calculated'],
    ['2025550122.5', US, 'phone_calculated'],
    ['2025550122,5', US, 'phone_calculated'],
    ['2025550122.75', US, 'phone_calculated'],
    ['2025550121.9999998', US, 'phone_calculated'],
    ['030 123456.5', DE, 'phone_calculated'],
    ['30123456.125', DE, 'phone_calculated'],
    ['1.2E+10', US, 'phone_lost_digits'],
    ['1.2e10', US, 'phone_lost_digits'],
    ['1,2 E+10', US, 'phone_lost_digits'],
    ['1.2E−5', US, 'phone_lost_digits'],
    ['1.2x10^10', US, 'phone_lost_digits'],
  ])('%j is rejected: %j, %s', (raw, options, code) => {
    expect(read(raw, options)).toBe(code);
  });

  it('says that a phone number has no sign, and how to keep the column', () => {
    const check = checkPhone('-2025550122', { skipPhoneCheck: false, ...US });
    expect(check).toMatchObject({ message: expect.stringMatching(/no sign.*calculated.*format the column as text/) });
  });

  it.each([
    ['2025550122.0', '+12025550122'],
    ['2025550122.00', '+12025550122'],
    ['2025550122,00', '+12025550122'],
    ['202 555 0122.0', '+12025550122'],
    ['2.025.550.122,00', '+12025550122'],
  ])('takes off the decimals that are nothing of %s', (raw, phone) => {
    expect(read(raw, US)).toBe(phone);
  });

  it('keeps the digits of a text in which a single dot parts them', () => {
    expect([read('030.1234567', DE), read('+4930123.000')]).toEqual(['+49301234567', '+4930123000']);
  });
});

describe('an extension', () => {
  it.each([
    'x9',
    ' x 9',
    ' ext 5',
    ' ext. 543',
    ' Ext: 5',
    ' extension 12',
    ';ext=5',
    '#5',
    ' # 5',
    '*227',
    ',101',
    ',,101',
    ';101',
    ' доб. 5',
    ' доб5',
    ' вн. 12',
    ' int. 5',
    ' poste 5',
    ' (ext 5)',
    ' Durchwahl 5',
    'p5',
    '٬٥٠١',
  ])('is not dialled: +12025550110%s is rejected for it', (extension) => {
    const check = checkPhone(`+12025550110${extension}`, { skipPhoneCheck: false });
    expect(check).toMatchObject({
      code: 'phone_extension',
      message: expect.stringContaining('extensions are not dialled'),
    });
  });

  it.each(['+12025550110 / +12025550111', '+12025550110; +12025550111', '+12025550110,+12025550111', '0301234567/68'])(
    'is told from a second number: %s holds more than one',
    (raw) => {
      expect(read(raw, DE)).toBe('phone_several');
    },
  );
});

describe('a number as people and spreadsheets write it', () => {
  it.each([
    ['+49 30/1234567', '+49301234567'],
    ['tel:+12025550110', '+12025550110'],
    ['tel:+1-202-555-0110', '+12025550110'],
    ['TEL.: +1 202 555 0110', '+12025550110'],
    ['Phone: +12025550110', '+12025550110'],
    ['p:+12025550110', '+12025550110'],
    ['mobile +12025550110', '+12025550110'],
    ['whatsapp:+12025550110', '+12025550110'],
    ["'+12025550111", '+12025550111'],
    ['"+12025550111"', '+12025550111'],
    ['`+12025550111`', '+12025550111'],
    ['“+12025550111”', '+12025550111'],
    ['´+12025550111', '+12025550111'],
    ['="+12025550111"', '+12025550111'],
    ['\'="tel:+12025550111"', '+12025550111'],
    ['=+12025550111', '+12025550111'],
    ['+12025550111;', '+12025550111'],
    ['＋１（２０２）５５５－０１１１', '+12025550111'],
    ['+1·202·555·0111', '+12025550111'],
    ['+81 3ー1234ー5678', '+81312345678'],
    ['\u061c+966501234562', '+966501234562'],
    ['+٩٦٦٥٠١٢٣٤٥٦٧', '+966501234567'],
    ['+۹۸۹۱۲۱۲۳۴۵۶۷', '+989121234567'],
    ['00٩٦٦٥٠١٢٣٤٥٦٧', '+966501234567'],
  ])('%j is read as %s', (raw, phone) => {
    expect(checkPhone(raw, { skipPhoneCheck: false })).toMatchObject({ ok: true, phone, repaired: true });
  });

  it.each([
    'DNC: +12025550110',
    'do not call +12025550110',
    'call +12025550110 now',
    '+12025550110 ok',
    '+1²02555011',
    '①',
  ])('%j is no number: what stands there beside it may matter', (raw) => {
    expect(read(raw)).toBe('phone_not_digits');
  });

  it('names what is invisible in a cell that it quotes', () => {
    const check = checkPhone('+1202\u200b55x', { skipPhoneCheck: false });
    expect(check).toMatchObject({
      message: expect.stringContaining("'+1202\u200b55x' (with the invisible U+200B zero width space)"),
    });
  });

  it('is bounded: a long text is no number, whatever it holds', () => {
    expect(read(`${' '.repeat(500)}+12025550110`)).toBe('phone_too_long');
    expect(read('+'.repeat(100_000))).toBe('phone_too_long');
  });
});

describe('a number without + and country code', () => {
  it.each<[string, Country, string]>([
    ['4915123913811', DE, 'phone_ambiguous'],
    ['491716000000', DE, 'phone_ambiguous'],
    ['49(0)345279580', DE, 'phone_ambiguous'],
    ['15123913812', DE, 'phone_ambiguous'],
    ['0151 23913812', DE, '+4915123913812'],
    ['030 123456', DE, '+4930123456'],
    ['34612345678', { defaultCountry: 'ES' }, '+34612345678'],
    ['34612345678', US, 'phone_invalid'],
    ['12025550123', US, '+12025550123'],
    ['2025550123', US, '+12025550123'],
    ['01134612345678', US, '+34612345678'],
    ['84951234567', { defaultCountry: 'RU' }, '+74951234567'],
    ['612345678', { defaultCountry: 'IT' }, '+390612345678'],
    ['3311234567', { defaultCountry: 'IT' }, 'phone_ambiguous'],
    ['331 1234567', { defaultCountry: 'IT' }, '+393311234567'],
    ['51987654321', { defaultCountry: 'BR' }, 'phone_ambiguous'],
    ['٠٥٠١٢٣٤٥٦٨', { defaultCountry: 'SA' }, '+966501234568'],
    ['+39 (0)6 12345678', {}, '+390612345678'],
    ['12345', { defaultCountry: 'FK' }, 'phone_too_short'],
    ['51234', { defaultCountry: 'FK' }, '+50051234'],
    ['003689393922', {}, 'phone_ambiguous'],
  ])('%j with %j is %s', (raw, options, expected) => {
    expect(read(raw, options)).toBe(expected);
  });

  it.each<[string, Country, string]>([
    ['4915123913811', { numbersWithoutPlus: 'international' }, '+4915123913811'],
    ['4915123913811', { ...DE, numbersWithoutPlus: 'international' }, '+4915123913811'],
    ['49(0)345279580', { ...DE, numbersWithoutPlus: 'international' }, '+49345279580'],
    ['12025550123', { ...DE, numbersWithoutPlus: 'international' }, '+12025550123'],
    ['030 123456', { ...DE, numbersWithoutPlus: 'international' }, '+4930123456'],
    ['15123913812', { ...DE, numbersWithoutPlus: 'national' }, '+4915123913812'],
    ['51987654321', { defaultCountry: 'BR', numbersWithoutPlus: 'national' }, '+5551987654321'],
    ['3311234567', { defaultCountry: 'IT', numbersWithoutPlus: 'national' }, '+393311234567'],
    ['34612345678', { defaultCountry: 'ES', numbersWithoutPlus: 'national' }, 'phone_invalid'],
    ['49(0)345279580', { ...DE, numbersWithoutPlus: 'national' }, 'phone_ambiguous'],
  ])('%j is what the upload says: %j, %s', (raw, options, expected) => {
    expect(read(raw, options)).toBe(expected);
  });

  it('names both readings, and how to choose one for the whole column', () => {
    const check = checkPhone('4915123913811', { skipPhoneCheck: false, ...DE });
    const message = expect.stringMatching(/\+494915123913811 or \+4915123913811; .*numbersWithoutPlus/);
    expect(check).toMatchObject({ ok: false, message });
  });
});

describe('a number that costs more than others', () => {
  it.each(['+19005550123', '+4918012345678', '+447012345678', '+979123456789', '+49 900 1 234567'])(
    '%s is not called, unless the batch allows it',
    (raw) => {
      expect(read(raw)).toBe('phone_costly');
      expect(checkPhone(raw, { skipPhoneCheck: false, allowCostlyNumbers: true }).ok).toBe(true);
    },
  );

  it('is found behind the skip flag too', () => {
    const dialledFrom = { providerAccountId: 'a', countries: ['US'] };
    for (const raw of ['19005550123', '9005550123', '0019005550123', '01119005550123'])
      expect([raw, read(raw, { skipPhoneCheck: true, dialledFrom })]).toEqual([raw, 'phone_costly']);
  });
});

it.each(['+493012345678901', '+4930123456789012', '004930123456789012'])('E.164 has at most 15 digits: %s', (raw) => {
  const digits = raw.replace(/^\+|^00/, '').length;
  expect(read(raw)).toBe(digits > 15 ? 'phone_too_long' : raw);
});

it('no spelling makes another number: signs, scripts and invisible marks around and inside valid numbers', () => {
  const numbers = ['+12025550110', '+4930123456', '+966501234567', '+393471234567', '+5551987654321', '+819012345678'];
  const spelling = fc.record({
    number: fc.constantFrom(...numbers),
    zero: fc.constantFrom('0', ...ZEROS),
    marks: fc.array(fc.tuple(fc.nat(16), fc.constantFrom(...INVISIBLE, ' ', '\u00a0')), { maxLength: 5 }),
    before: fc.constantFrom('', '', "'", '"', '=', 'tel:', ...DASHES, '(', '<', '#', '*'),
    after: fc.constantFrom('', '', "'", '"', '.0', ',0', '.5', ',5', ')', ';', 'x5', ',5', 'e5', '/7', ...DASHES),
    options: fc.constantFrom({}, US, DE, { defaultCountry: 'IT' }, { defaultCountry: 'JP' }),
  });
  let accepted = 0;
  fc.assert(
    fc.property(spelling, ({ number, zero, marks, before, after, options }) => {
      const base = zero.codePointAt(0) ?? 0;
      const spelled = [...number].map((c) => (c === '+' ? c : String.fromCodePoint(base + Number(c))));
      for (const [at, mark] of marks) spelled.splice(Math.min(at, spelled.length), 0, mark);
      const check = checkPhone(`${before}${spelled.join('')}${after}`, { skipPhoneCheck: false, ...options });
      if (check.ok) accepted += 1;
      return !check.ok || check.phone === number;
    }),
    { numRuns: 20_000, seed: SEED },
  );
  expect(accepted).toBeGreaterThan(1_500);
});
