import { parseArgs } from 'node:util';
import { checkHours } from './check-hours.js';

const USAGE = 'npm run check:hours -- --cases 100000 --seed N';

const { values } = parseArgs({
  options: { cases: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' } },
});
const cases = Number(values.cases);
const seed = Number(values.seed);
if (!Number.isInteger(cases) || cases < 1 || !Number.isInteger(seed)) {
  console.error(USAGE);
  process.exit(2);
}

const startedMs = performance.now();
const differences = checkHours(cases, seed);
for (const difference of differences) console.error(difference);
const tookS = ((performance.now() - startedMs) / 1_000).toFixed(1);
const found = differences.length === 0 ? 'no difference' : `${differences.length} differences, then stopped`;
console.log(`check:hours seed ${seed}: ${cases} cases against the oracle in ${tookS} s: ${found}`);
process.exitCode = differences.length === 0 ? 0 : 1;
