import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { isAlive, projectRoot } from '../../dev/processes.js';
import { eventually } from '../support/eventually.js';

/** An npm that starts another process, as `npm ci` starts scripts of packages, and never ends. */
const NPM = `
  const { spawn } = require('node:child_process');
  const { writeFileSync } = require('node:fs');
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {});
  writeFileSync(process.env.PIDS_FILE, JSON.stringify([process.pid, child.pid]));
  setInterval(() => {}, 1000);`;

let clone: string;
beforeEach(() => {
  clone = mkdtempSync(path.join(os.tmpdir(), 'clone-'));
  mkdirSync(path.join(clone, 'dev'));
  for (const file of ['dev/bootstrap.mjs', 'package-lock.json', 'package.json'])
    cpSync(path.join(projectRoot, file), path.join(clone, file));
  writeFileSync(path.join(clone, 'npm-cli.cjs'), NPM);
});
afterEach(() => rmSync(clone, { recursive: true, force: true }));

it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s while packages are installed ends npm and all that it has started, and leaves no lock',
  async (signal) => {
    const pidsFile = path.join(clone, 'pids.json');
    const bootstrap = spawn(process.execPath, ['dev/bootstrap.mjs'], {
      cwd: clone,
      stdio: 'ignore',
      env: { ...process.env, npm_execpath: path.join(clone, 'npm-cli.cjs'), PIDS_FILE: pidsFile },
    });
    const ended = new Promise((resolve) => bootstrap.once('exit', resolve));
    const pids = await eventually(() => {
      const [npm, script] = JSON.parse(readFileSync(pidsFile, 'utf8')) as [number, number];
      expect([npm, script].every(isAlive)).toBe(true);
      return [npm, script];
    });
    const lock = path.join(clone, '.cache', 'prepare.lock');
    await eventually(() => expect(readFileSync(lock, 'utf8')).toContain(`"pid":${pids[0]}`));
    bootstrap.kill(signal);
    expect(await ended).toBe(1);
    await eventually(() => expect(pids.some(isAlive)).toBe(false));
    expect(existsSync(lock)).toBe(false);
  },
);
