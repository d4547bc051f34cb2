import { availableParallelism } from 'node:os';
import path from 'node:path';
import { projectRoot } from '../../dev/processes.js';
import { stopOnSignal } from '../../dev/stop-on-signal.js';
import { openMutantBench, type MutantBench, type TestRun } from './mutant-bench.js';
import { ALL_MUTANTS } from './all-mutants.js';
import { inAnyLines, type Mutant } from './mutant.js';

/**
 * `npm run mutants [-- part of a protection]`: takes one protection after the other out of a copy of the project, and
 * looks whether the test that is named for it fails. It must pass before, or its failure would say nothing. Each core has
 * a lane of mutants of its own, up to four.
 */
/** Each has a PostgreSQL and a Temporal server of its own. */
const LANES_MAX = 4;
const [wanted = ''] = process.argv.slice(2);
const mutants = ALL_MUTANTS.filter(({ protection }) => protection.includes(wanted));

// Servers die with this process, the parent that started them.
void stopOnSignal().received.then((signal) => {
  console.error(`Stopped by ${signal}.`);
  process.exit(130);
});

const lanes = Math.min(availableParallelism(), LANES_MAX, mutants.length);
const caughtByLane = await Promise.all(Array.from({ length: lanes }, (_, lane) => runLane(lane)));
const caught = caughtByLane.reduce((sum, count) => sum + count, 0);
console.log(`${caught} of ${mutants.length} caught`);
process.exit(caught === mutants.length && caught > 0 ? 0 : 1);

/** Tries each mutant whose turn it is in this lane, on a copy and servers of the lane's own; says how many were caught. */
async function runLane(lane: number): Promise<number> {
  const own = mutants.filter((_, index) => index % lanes === lane);
  const bench = await openMutantBench(path.join(projectRoot, '.data', `mutants-${process.pid}-${lane}`));
  let caughtHere = 0;
  try {
    const unbroken = await bench.run(own);
    if (unbroken.broken !== null) console.error(`Unbroken: ${unbroken.broken}`);
    for (const mutant of own) {
      const startMs = performance.now();
      const verdict = isGreen(unbroken, mutant) ? await tryMutant(bench, mutant) : 'NO TEST, it does not pass unbroken';
      if (verdict === 'caught') caughtHere++;
      const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
      console.log(`${verdict}: ${mutant.protection} [${mutant.spec} "${mutant.title}", ${seconds} s]`);
    }
  } finally {
    await bench.stop();
  }
  return caughtHere;
}

function isGreen({ tests }: TestRun, mutant: Mutant): boolean {
  const named = tests.filter(({ spec, title }) => spec === mutant.spec && title.includes(mutant.title));
  return named.length > 0 && named.every(({ isPassed }) => isPassed);
}

async function tryMutant({ read, write, run }: MutantBench, mutant: Mutant): Promise<string> {
  const { file, find, replace } = mutant;
  const text = read(file);
  const found = text.match(inAnyLines(find)) ?? [];
  if (found.length !== 1) return `STALE, its text occurs ${found.length} times in ${file}`;
  write(
    file,
    text.replace(inAnyLines(find), () => replace),
  );
  try {
    const { tests, broken } = await run([mutant]);
    if (broken !== null) return `BROKEN, ${broken}`;
    return tests.some(({ isPassed }) => !isPassed) ? 'caught' : 'MISSED';
  } finally {
    write(file, text);
  }
}
