import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { expect, it } from '@jest/globals';
import { projectRoot } from '../../dev/processes.js';
import { programOf } from '../../dev/programs.js';
import { TEST_ENCRYPTION_KEY } from '../support/secrets.js';
import { findTelltales, TELLTALE } from './telltale.js';

const NOBODY = 'postgresql://nobody@127.0.0.1:9/nothing';

/** Runs one of our processes to its end. */
function run(args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, args, {
    cwd: projectRoot,
    encoding: 'utf8',
    timeout: 50_000,
    env: {
      ...process.env,
      NODE_ENV: 'production',
      DATABASE_URL: NOBODY,
      DIALWRIGHT_ENCRYPTION_KEY: TEST_ENCRYPTION_KEY,
      DIALWRIGHT_START_WAIT_MS: '0',
    },
  });
}

it.each(['api/server.ts', 'worker/main.ts'])('%s that cannot start says why in its log, and ends', (main) => {
  const { status, stdout, stderr } = run(programOf(main));
  expect(status).toBe(1);
  const last = JSON.parse(stdout.trim().split('\n').at(-1)!) as object;
  expect(last).toMatchObject({
    level: 60,
    msg: 'PostgreSQL does not answer at 127.0.0.1:9: start it, or set DATABASE_URL to where it is.',
  });
  expect(last).not.toHaveProperty('err');
  expect(stderr).toBe('');
});

it('an error that nobody caught ends the process without a word of what was in it', () => {
  const script = `
    import { createLogger, endOnUncaughtError } from './platform/logger.ts';
    endOnUncaughtError(createLogger('info', 'test'));
    setInterval(() => {}, 1000);
    void Promise.reject(Object.assign(new Error('${TELLTALE}'), { code: '23505', detail: '${TELLTALE}' }));`;
  const { status, stdout, stderr } = run(['--import', 'tsx', '--input-type=module', '--eval', script]);
  expect([status, findTelltales(stdout + stderr)]).toEqual([1, []]);
  expect(stdout).toContain('"code":"23505"');
});

it('the lines of ours that a compiled process logs are those of the sources', () => {
  const [sourceMaps = '', logger = ''] = programOf('platform/loggable.ts');
  const script = `
    import { loggable } from '${pathToFileURL(logger).href}';
    import { createSecretBox } from '${pathToFileURL(programOf('platform/secret-box.ts')[1] ?? '').href}';
    try { createSecretBox({ key: 'short' }); } catch (err) { console.log(JSON.stringify(loggable(err).stack)); }`;
  const { stdout } = run([sourceMaps, '--input-type=module', '--eval', script]);
  expect(JSON.parse(stdout)).toEqual(
    expect.arrayContaining([expect.stringMatching(/^platform\/secret-box\.ts:\d+:\d+$/)]),
  );
});
