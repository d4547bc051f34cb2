import { checkReadings } from './check-readings.js';
import { COUNTRIES } from './valid-numbers.js';

const SEED = 20261129;
/** Every fifth country, and those whose numbers are the hardest to tell: all of them by `npm run check:readings`. */
const SOME = COUNTRIES.filter((_, index) => index % 5 === 0);
const HARD = ['AT', 'BR', 'DE', 'GB', 'IN', 'IT', 'JP', 'KR', 'RU', 'US'] as const;

const report = checkReadings({
  countries: [...new Set([...SOME, ...HARD])],
  numbersPerCountry: 20,
  otherCountries: 10,
  seed: SEED,
});

it('no number becomes another: with its own country as the default, with none, or with one of numbers of many lengths', () => {
  expect(report.checked).toBeGreaterThan(10_000);
  expect(report.wrong).toEqual([]);
});

it.each(['with trunk prefix', 'national'] as const)('reads North American numbers, and those of others: %s', (form) => {
  const rejected = [...report.rejected[form]].filter(([, counted]) => counted.rejected > 0).map(([country]) => country);
  if (form === 'with trunk prefix') expect(rejected).toEqual([]);
  expect(rejected).not.toContain('US');
});
