import { getCountryCallingCode, parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/max';
import { checkPhone } from '../../domain/recipients/phone.js';
import { hasVariableLength } from '../../domain/recipients/fast-e164.js';
import { COUNTRIES, validNumbersOf, type ValidNumber } from './valid-numbers.js';

export type ReadingsReport = {
  checked: number;
  /** A number became another valid number, where that must never happen. */
  wrong: string[];
  /** The same, with another country as the default whose numbers have one length: by `written -> read`. */
  limits: Map<string, number>;
  /** Rejected with the own country as the default: by form, then by country. */
  rejected: Record<Form, Map<string, { of: number; rejected: number }>>;
  /** Written with a trunk prefix like another valid number of the country, so that nobody can tell which is meant: by country. */
  likeAnother: Map<string, number>;
};

export type ReadingsOptions = {
  countries: readonly CountryCode[];
  numbersPerCountry: number;
  otherCountries: number;
  seed: number;
};

const FORMS = ['with trunk prefix', 'national', 'international without +'] as const;
type Form = (typeof FORMS)[number];
const NUMBERS_MAX = 20;

/**
 * Reads valid numbers of every country as people and spreadsheets write them: in national form with and without trunk prefix, in
 * international form without its `+`, and each without the zeros that a spreadsheet drops; with its own country as the default,
 * with none, and with others.
 */
export function checkReadings({ countries, numbersPerCountry, otherCountries, seed }: ReadingsOptions): ReadingsReport {
  const report: ReadingsReport = {
    checked: 0,
    wrong: [],
    limits: new Map(),
    rejected: { 'with trunk prefix': new Map(), national: new Map(), 'international without +': new Map() },
    likeAnother: new Map(),
  };
  for (const [index, country] of countries.entries()) {
    const others = Array.from({ length: otherCountries }, (_, step) => otherCountry(country, index + seed, step));
    for (const number of validNumbersOf(country, numbersPerCountry, seed)) checkNumber(report, country, others, number);
  }
  return report;
}

function checkNumber(
  report: ReadingsReport,
  country: CountryCode,
  others: readonly CountryCode[],
  number: ValidNumber,
): void {
  const texts: Record<Form, string | null> = {
    'with trunk prefix': number.withTrunkPrefix,
    national: number.national,
    'international without +': number.e164.slice(1),
  };
  for (const form of FORMS) {
    const text = texts[form];
    if (text === null) continue;
    const stored = text.replace(/\D/g, '').replace(/^0+/, '');
    for (const written of new Set([text, stored])) {
      const isRead = look(report, written, number.e164, country);
      look(report, written, number.e164, null);
      if (written !== text) continue;
      if (form === 'with trunk prefix' && isLikeAnother(text, number.e164, country))
        report.likeAnother.set(country, (report.likeAnother.get(country) ?? 0) + 1);
      else count(report.rejected[form], country, isRead);
    }
  }
  for (const other of others) look(report, number.e164.slice(1), number.e164, other, country);
}

/** By libphonenumber alone: whether the digits as they stand are a national number too, of somebody else. */
function isLikeAnother(text: string, meant: string, country: CountryCode): boolean {
  const asItStands = parsePhoneNumberFromString(`+${getCountryCallingCode(country)}${text.replace(/\D/g, '')}`);
  return asItStands?.isValid() === true && asItStands.number !== meant;
}

/** @returns whether it was accepted */
function look(
  report: ReadingsReport,
  text: string,
  meant: string,
  defaultCountry: CountryCode | null,
  writtenIn?: CountryCode,
): boolean {
  report.checked += 1;
  const options = { skipPhoneCheck: false, allowCostlyNumbers: true, ...(defaultCountry && { defaultCountry }) };
  const check = checkPhone(text, options);
  if (!check.ok || check.phone === meant) return check.ok;
  if (writtenIn && defaultCountry && !hasVariableLength(defaultCountry)) {
    const pair = `${writtenIn} -> ${defaultCountry}`;
    report.limits.set(pair, (report.limits.get(pair) ?? 0) + 1);
  } else if (report.wrong.length < NUMBERS_MAX) {
    report.wrong.push(`${text} (${meant}) became ${check.phone} with default country ${defaultCountry ?? 'none'}`);
  }
  return true;
}

function count(byCountry: Map<string, { of: number; rejected: number }>, country: string, isRead: boolean): void {
  const counted = byCountry.get(country) ?? { of: 0, rejected: 0 };
  byCountry.set(country, { of: counted.of + 1, rejected: counted.rejected + (isRead ? 0 : 1) });
}

/** Spread over all countries, and others for each. */
function otherCountry(country: CountryCode, offset: number, step: number): CountryCode {
  const others = COUNTRIES.filter((code) => code !== country);
  return others[(offset + step * 13) % others.length] ?? country;
}
