import { rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { projectRoot } from '../../dev/processes.js';
import { stopOnSignal } from '../../dev/stop-on-signal.js';
import { FULL, SMALL } from './plan.js';
import { PROVIDER_KINDS } from './provider.js';
import { runChaos } from './run-chaos.js';

const USAGE = `npm run chaos -- --seed N [--provider simulator|retell] [--recipients 2000] [--small] [--operations]
  [--neighbour] [--minutes 15]`;
const MINUTE_MS = 60_000;
const PROBLEMS_SHOWN_MAX = 50;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    provider: { type: 'string', default: 'simulator' },
    recipients: { type: 'string' },
    minutes: { type: 'string' },
    small: { type: 'boolean', default: false },
    operations: { type: 'boolean', default: false },
    neighbour: { type: 'boolean', default: false },
  },
});
const seed = Number(values.seed);
const profile = values.small ? SMALL : FULL;
const recipients = Number(values.recipients ?? profile.recipients);
const timeLimitMs = Number(values.minutes ?? profile.timeLimitMs / MINUTE_MS) * MINUTE_MS;
const provider = PROVIDER_KINDS.find((kind) => kind === values.provider);
const areNumbers = Number.isInteger(seed) && Number.isInteger(recipients) && recipients > 0 && timeLimitMs > 0;
if (!areNumbers || !provider) {
  console.error(USAGE);
  process.exit(2);
}

// Servers die with this process, the parent that started them.
void stopOnSignal().received.then((signal) => {
  console.error(`Stopped by ${signal}.`);
  process.exit(130);
});

const dir = path.join(projectRoot, '.data', `chaos-${process.pid}`);
const startMs = performance.now();
const say = (text: string): void => console.log(`[${((performance.now() - startMs) / 1000).toFixed(1)} s] ${text}`);
let isOk = false;
try {
  const { operations, neighbour } = values;
  const { problems, table } = await runChaos({
    ...{ seed, provider, dir, say, operations, neighbour },
    profile: { ...profile, recipients, timeLimitMs },
  });
  for (const [name, value] of table) console.log(`${name.padEnd(30)} ${value}`);
  for (const problem of problems.slice(0, PROBLEMS_SHOWN_MAX)) console.error(problem);
  if (problems.length > PROBLEMS_SHOWN_MAX) console.error(`and ${problems.length - PROBLEMS_SHOWN_MAX} more`);
  isOk = problems.length === 0;
} catch (err) {
  console.error(err);
}
if (isOk) rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
else console.error(`Data, logs and evidence are in ${dir}`);
console.log(`chaos seed ${seed}: ${isOk ? 'ok' : 'FAILED'}`);
process.exit(isOk ? 0 : 1);
