import { checkHours } from './check-hours.js';

const CASES = 2_000;
const SEED = 20_261_126;
/** Five seconds on a machine of its own. */
const TIMEOUT_MS = 180_000;

it(
  `opens, closes and next opens as an independent oracle says, minute by minute, in ${CASES} random cases`,
  () => {
    expect(checkHours(CASES, SEED)).toEqual([]);
  },
  TIMEOUT_MS,
);
