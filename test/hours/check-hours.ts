import { createRandom } from '../chaos/random.js';
import { checkCase } from './check-case.js';
import { makeCase } from './random-case.js';

/** Enough to see what is wrong; a broken rule makes thousands. */
const DIFFERENCES_MAX = 10;

/** Compares the product with the oracle in random cases that depend on the seed alone. @returns what differs, ten cases at most */
export function checkHours(cases: number, seed: number): string[] {
  const random = createRandom(seed);
  const differences: string[] = [];
  for (let index = 0; index < cases && differences.length < DIFFERENCES_MAX; index++) {
    const hoursCase = makeCase(random);
    const difference = checkCase(hoursCase);
    if (difference === null) continue;
    const at = new Date(hoursCase.atMs).toISOString();
    differences.push(`case ${index} at ${at}: ${difference}\n  ${JSON.stringify(hoursCase)}`);
  }
  return differences;
}
