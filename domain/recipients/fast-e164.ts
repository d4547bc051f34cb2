import metadata from 'libphonenumber-js/metadata.max.json';

/** libphonenumber's types of number, in the order in which it looks for one: the first that fits is the number's type. */
const TYPE_ORDER = [
  'FIXED_LINE',
  'MOBILE',
  'PREMIUM_RATE',
  'TOLL_FREE',
  'SHARED_COST',
  'VOIP',
  'PERSONAL_NUMBER',
  'PAGER',
  'UAN',
  'VOICEMAIL',
] as const;
export type NumberType = (typeof TYPE_ORDER)[number] | 'FIXED_LINE_OR_MOBILE';

/**
 * A number in E.164 form, valid in its country; `country` is null for numbers of no country, such as +800. Of a number that may
 * be mobile and is a fixed line too, the type is the latter.
 */
export type E164Number = { phone: string; country: string | null; type: NumberType | null };

/** One country's numbering plan, with its patterns compiled. */
type NumberingPlan = {
  country: string | null;
  callingCode: string;
  national: RegExp;
  lengths: ReadonlySet<number>;
  /** Present for the smaller countries of a shared calling code (the 24 others of +1): their numbers begin like this. */
  leadingDigits: RegExp | null;
  types: { type: NumberType; pattern: RegExp; lengths: ReadonlySet<number> | null }[];
  /** Whether fixed lines and mobiles have numbers of more than one length: then nearly any digits are one of them. */
  hasVariableLength: boolean;
  /** What is dialled before a national number, where the plan names it: 0, or 06 in Hungary. */
  trunkPrefix: string | null;
  /** What people dial before a number inside the country, at the beginning of a national number. */
  nationalPrefix: RegExp | null;
  /** What people dial before a number of another country. */
  abroadPrefix: RegExp | null;
};

/** The metadata's positional layout, version 4; the indexes are those that the library's own getters read. */
type RawType = [pattern: string, lengths?: number[]] | 0;
type RawPlan = { [index: number]: unknown };
const ABROAD_PREFIX = 1;
const NATIONAL_PATTERN = 2;
const POSSIBLE_LENGTHS = 3;
const NATIONAL_PREFIX = 5;
const NATIONAL_PREFIX_FOR_PARSING = 7;
const LEADING_DIGITS = 10;
const TYPES = 11;
const TYPE_INDEX: Record<(typeof TYPE_ORDER)[number], number> = {
  FIXED_LINE: 0,
  MOBILE: 1,
  TOLL_FREE: 2,
  PREMIUM_RATE: 3,
  PERSONAL_NUMBER: 4,
  VOICEMAIL: 5,
  UAN: 6,
  PAGER: 7,
  VOIP: 8,
  SHARED_COST: 9,
};

const CALLING_CODE_DIGITS_MAX = 3;
const E164_SHAPE = /^\+[1-9]\d{6,14}$/;

/** Compiled on first use (about 10 ms), not at import. */
let plansByCallingCode: Map<string, NumberingPlan[]> | null = null;
const planByCountry = new Map<string, NumberingPlan>();

/**
 * Accepts a clean `+<digits>` number that libphonenumber-js/max would call valid, about 30 times faster than the library:
 * a million rows spend most of an import in this check. Null means "ask the library", never "invalid".
 */
export function fastE164(text: string): E164Number | null {
  if (!E164_SHAPE.test(text)) return null;
  const callingCode = callingCodeOf(text);
  if (callingCode === null) return null;
  const plans = compiledPlans().get(callingCode) ?? [];
  const national = text.slice(1 + callingCode.length);
  const plan = plans.length === 1 ? plans[0] : plans.find((candidate) => claims(candidate, national));
  const type = plan && typeIn(plan, national);
  if (!plan || type === undefined || mayLosePrefix(plans[0], national)) return null;
  return { phone: text, country: plan.country, type };
}

/**
 * Whether a `+<digits>` number is certainly not valid: no plan of its calling code has it, and nothing in it can be taken for a
 * national prefix. False means "ask the library".
 */
export function isNoE164(text: string): boolean {
  if (!E164_SHAPE.test(text)) return false;
  const callingCode = callingCodeOf(text);
  if (callingCode === null) return true;
  const plans = compiledPlans().get(callingCode) ?? [];
  const national = text.slice(1 + callingCode.length);
  return plans.every(
    (plan) => typeIn(plan, national) === undefined && !beginsWithPrefix(plan.nationalPrefix, national),
  );
}

/**
 * A national number as it is dialled in its country, where its digits can be nothing else there: neither a trunk prefix nor the
 * prefix for calls abroad is at their beginning. Null means "ask the library".
 */
export function fastNational(digits: string, country: string): E164Number | null {
  const plan = planOf(country);
  if (!plan || beginsWithPrefix(plan.nationalPrefix, digits) || beginsWithPrefix(plan.abroadPrefix, digits))
    return null;
  return typeIn(plan, digits) === undefined ? null : fastE164(`+${plan.callingCode}${digits}`);
}

/** The calling code of a country, such as 49. */
export function callingCodeIn(country: string): string {
  return planOf(country)?.callingCode ?? '';
}

/** Whether a country's fixed lines and mobiles have numbers of more than one length. */
export function hasVariableLength(country: string): boolean {
  return planOf(country)?.hasVariableLength ?? false;
}

/** What people of the country dial before a national number, where its plan names one prefix. */
export function trunkPrefixOf(country: string): string | null {
  return planOf(country)?.trunkPrefix ?? null;
}

/** Whether a number begins with what people of the country dial before a national number. */
export function hasTrunkPrefix(digits: string, country: string): boolean {
  return beginsWithPrefix(planOf(country)?.nationalPrefix ?? null, digits);
}

/** The countries in which the digits are a national number, just as they are. Looks at every country: for rare cases. */
export function countriesWithNumber(digits: string): string[] {
  compiledPlans();
  return [...planByCountry.keys()].filter((country) => isNationalNumber(digits, country));
}

/** Whether the digits are a national number of the country, just as they are. */
export function isNationalNumber(digits: string, country: string): boolean {
  const plan = planOf(country);
  return plan !== undefined && typeIn(plan, digits) !== undefined;
}

/** The calling code that a `+<digits>` number begins with, without its `+`, or null. No code is the beginning of another. */
export function callingCodeOf(text: string): string | null {
  if (!text.startsWith('+')) return null;
  const plans = compiledPlans();
  for (let digits = 1; digits <= CALLING_CODE_DIGITS_MAX; digits++) {
    const code = text.slice(1, 1 + digits);
    if (plans.has(code)) return code;
  }
  return null;
}

/** The library's rule for a shared calling code: by leading digits where a plan has them, else by a valid number. */
function claims(plan: NumberingPlan, national: string): boolean {
  return plan.leadingDigits ? plan.leadingDigits.test(national) : typeIn(plan, national) !== undefined;
}

/**
 * Whether the library may take the beginning of a number for a national prefix and drop it, as it does in +44 0…: in Belarus
 * numbers that begin with 8 may. It goes by the plan of the calling code's first country.
 */
function mayLosePrefix(plan: NumberingPlan | undefined, national: string): boolean {
  const match = plan?.nationalPrefix?.exec(national);
  if (!plan || !match || match[0] === '') return false;
  // With groups, the library rewrites numbers in ways of its own.
  return match.length > 1 || plan.national.test(national.slice(match[0].length));
}

/** The type of a national number, null where a plan knows none, undefined when the number is not valid. */
function typeIn(plan: NumberingPlan, national: string): NumberType | null | undefined {
  if (!plan.lengths.has(national.length) || !plan.national.test(national)) return undefined;
  if (plan.types.length === 0) return null;
  return plan.types.find((type) => (type.lengths?.has(national.length) ?? true) && type.pattern.test(national))?.type;
}

function beginsWithPrefix(prefix: RegExp | null, digits: string): boolean {
  const match = prefix?.exec(digits);
  return match ? match[0] !== '' : false;
}

function planOf(country: string): NumberingPlan | undefined {
  compiledPlans();
  return planByCountry.get(country);
}

function compiledPlans(): Map<string, NumberingPlan[]> {
  plansByCallingCode ??= compilePlans();
  return plansByCallingCode;
}

function compilePlans(): Map<string, NumberingPlan[]> {
  // The library types its metadata as opaque records; the layout above is checked against the library by the spec.
  const countries = metadata.countries as unknown as Record<string, RawPlan>;
  const nonGeographic = metadata.nonGeographic as unknown as Record<string, RawPlan>;
  const plans = new Map<string, NumberingPlan[]>();
  for (const [callingCode, codes] of Object.entries(metadata.country_calling_codes)) {
    const compiled = codes.flatMap((country) => {
      const raw = countries[country];
      return raw ? [compilePlan(raw, callingCode, country)] : [];
    });
    plans.set(callingCode, compiled);
  }
  for (const plan of [...plans.values()].flat()) if (plan.country) planByCountry.set(plan.country, plan);
  for (const [callingCode, raw] of Object.entries(nonGeographic))
    plans.set(callingCode, [compilePlan(raw, callingCode, null)]);
  return plans;
}

function compilePlan(raw: RawPlan, callingCode: string, country: string | null): NumberingPlan {
  const leadingDigits = raw[LEADING_DIGITS] as string | 0 | undefined;
  const nationalPrefix = (raw[NATIONAL_PREFIX_FOR_PARSING] || raw[NATIONAL_PREFIX]) as string | 0 | undefined;
  const abroadPrefix = raw[ABROAD_PREFIX] as string | 0 | undefined;
  const types = (raw[TYPES] as RawType[] | undefined) ?? [];
  return {
    country,
    callingCode,
    national: new RegExp(`^(?:${raw[NATIONAL_PATTERN] as string})$`),
    lengths: new Set(raw[POSSIBLE_LENGTHS] as number[]),
    nationalPrefix: nationalPrefix ? new RegExp(`^(?:${nationalPrefix})`) : null,
    abroadPrefix: abroadPrefix ? new RegExp(`^(?:${abroadPrefix})`) : null,
    leadingDigits: leadingDigits ? new RegExp(`^(?:${leadingDigits})`) : null,
    types: TYPE_ORDER.flatMap((type) => {
      const found = types[TYPE_INDEX[type]];
      if (!found) return [];
      return [{ type, pattern: new RegExp(`^(?:${found[0]})$`), lengths: found[1] ? new Set(found[1]) : null }];
    }),
    trunkPrefix: (raw[NATIONAL_PREFIX] as string | 0 | undefined) || null,
    hasVariableLength: new Set([types[TYPE_INDEX.FIXED_LINE], types[TYPE_INDEX.MOBILE]].flatMap(lengthsOf)).size > 1,
  };

  function lengthsOf(type: RawType | undefined): number[] {
    return type ? (type[1] ?? (raw[POSSIBLE_LENGTHS] as number[])) : [];
  }
}
