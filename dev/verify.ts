import { spawn } from 'node:child_process';
import { projectRoot } from './processes.js';

/**
 * Everything that CI runs: the checks, two at a time; `npm test` with the arguments given; and, when none were given, the pages
 * in a browser, then the short chaos runs, side by side. One that fails stops none of the others. The last line is
 * `N passed, N failed`, in which each check, the pages and each chaos run count as one test.
 */
const CHECKS = [
  [['lint'], ['imports']],
  [['typecheck'], ['format:check'], ['exports']],
];
/** What is too long for `npm test`. */
const DASHBOARD = ['check:dashboard'];
/** Their calls open at the next full minute: most of a run is waiting. */
const CHAOS_RUNS = [
  [['chaos', '--small', '--seed', '1']],
  [['chaos', '--small', '--seed', '2', '--provider', 'retell']],
];
const COUNTS = /^(\d+) passed, (\d+) failed$/m;

let passed = 0;
let failed = 0;
await Promise.all(CHECKS.map(runAll));
const testArguments = process.argv.slice(2);
const tests = await runScript('test', testArguments);
const [, testsPassed, testsFailed] = COUNTS.exec(tests.lastLine) ?? [];
passed += Number(testsPassed ?? 0);
// Tests that could not say how many failed have failed.
failed += Math.max(Number(testsFailed ?? 1), tests.code === 0 ? 0 : 1);
if (testArguments.length === 0) {
  await runAll([DASHBOARD]);
  await Promise.all(CHAOS_RUNS.map(runAll));
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

async function runAll(commands: readonly string[][]): Promise<void> {
  for (const [name = '', ...args] of commands) {
    const { code } = await runScript(name, args);
    if (code === 0) passed += 1;
    else failed += 1;
    console.log(`${code === 0 ? 'passed' : 'FAILED'}: npm run ${[name, ...args].join(' ')}`);
  }
}

/** Runs a script of package.json; shows its output as it comes. */
async function runScript(name: string, args: string[] = []): Promise<{ code: number; lastLine: string }> {
  const npm = process.env.npm_execpath;
  const [program, ...rest] = npm ? [process.execPath, npm] : ['npm'];
  const child = spawn(program ?? 'npm', [...rest, 'run', '--silent', name, '--', ...args], {
    cwd: projectRoot,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let tail = '';
  child.stdout.on('data', (chunk: Buffer) => {
    process.stdout.write(chunk);
    tail = `${tail}${chunk.toString()}`.slice(-1_000);
  });
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve(status ?? 1));
  });
  return { code, lastLine: tail.trimEnd().split('\n').at(-1) ?? '' };
}
