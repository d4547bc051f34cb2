import { spawn } from 'node:child_process';
import { projectRoot } from './processes.js';

/**
 * Everything that CI runs: the checks below, one after the other, then `npm test` with the arguments given. A check that
 * fails stops none of the others. The last line is `N passed, N failed`, in which each check counts as one test.
 */
const CHECKS = ['typecheck', 'lint', 'imports', 'format:check', 'exports'];
const COUNTS = /^(\d+) passed, (\d+) failed$/m;

let passed = 0;
let failed = 0;
for (const check of CHECKS) {
  const { code } = await runScript(check);
  if (code === 0) passed += 1;
  else failed += 1;
  console.log(`${code === 0 ? 'passed' : 'FAILED'}: npm run ${check}`);
}
const tests = await runScript('test', process.argv.slice(2));
const [, testsPassed, testsFailed] = COUNTS.exec(tests.lastLine) ?? [];
passed += Number(testsPassed ?? 0);
// Tests that could not say how many failed have failed.
failed += Math.max(Number(testsFailed ?? 1), tests.code === 0 ? 0 : 1);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

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
