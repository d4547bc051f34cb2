import { parseArgs } from 'node:util';
import { getCountryCallingCode, type CountryCode } from 'libphonenumber-js/max';
import { checkReadings } from './check-readings.js';
import { COUNTRIES } from './valid-numbers.js';

const USAGE = 'npm run check:readings -- --numbers 1000 --others 20 --seed N';
const OTHERS_MAX = 100;
/** A country's own forms that must be read: nearly always. */
const REJECTED_SHARE_MAX = 0.01;

const { values } = parseArgs({
  options: {
    numbers: { type: 'string', default: '1000' },
    others: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
  },
});
const [numbersPerCountry, otherCountries, seed] = [Number(values.numbers), Number(values.others), Number(values.seed)];
const isUsable = [numbersPerCountry, otherCountries, seed].every((value) => Number.isInteger(value) && value >= 0);
if (!isUsable || otherCountries > OTHERS_MAX) {
  console.error(USAGE);
  process.exit(2);
}

const startedMs = performance.now();
const report = checkReadings({ countries: COUNTRIES, numbersPerCountry, otherCountries, seed });
for (const wrong of report.wrong) console.error(wrong);

const limits = [...report.limits].sort((a, b) => b[1] - a[1]);
console.log(
  `Became another number with another country's default, per pair (written -> read as), ${limits.length} pairs:`,
);
console.log(limits.map(([pair, found]) => `${pair} ${found}`).join(', ') || 'none');

const tooOften: string[] = [];
for (const [form, byCountry] of Object.entries(report.rejected)) {
  const shares = [...byCountry].map(([country, { of, rejected }]) => ({ country, share: rejected / of }));
  const shown = shares.filter(({ share }) => share > 0).sort((a, b) => b.share - a.share);
  console.log(`Rejected with the own country, ${form}:`);
  console.log(shown.map(({ country, share }) => `${country} ${(share * 100).toFixed(1)} %`).join(', ') || 'none');
  for (const { country, share } of shown) {
    if (share > REJECTED_SHARE_MAX && mustBeRead(form, country as CountryCode)) tooOften.push(`${country} ${form}`);
  }
}

const likeAnother = [...report.likeAnother].map(([country, numbers]) => `${country} ${numbers}`).join(', ');
console.log(
  `Written with their trunk prefix like another valid number, and not counted above: ${likeAnother || 'none'}`,
);

const tookS = ((performance.now() - startedMs) / 1_000).toFixed(1);
const found = report.wrong.length === 0 ? 'no number became another' : 'numbers became others';
const rejected = tooOften.length === 0 ? '' : `; rejected too often: ${tooOften.join(', ')}`;
console.log(`check:readings seed ${seed}: ${report.checked} readings in ${tookS} s: ${found}${rejected}`);
process.exitCode = report.wrong.length === 0 && tooOften.length === 0 ? 0 : 1;

function mustBeRead(form: string, country: CountryCode): boolean {
  return form === 'with trunk prefix' || (form === 'national' && getCountryCallingCode(country) === '1');
}
