import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from './processes.js';
import { AlreadyRunningError, lockRun } from './run-lock.js';

const NAME = `spec-${process.pid}`;
const FILE = path.join(projectRoot, '.data', `${NAME}.running`);
afterEach(() => rmSync(FILE, { force: true }));

it('says where the run is that has the folder, and how to stop it', () => {
  const lock = lockRun(NAME);
  expect(() => lockRun(NAME)).toThrow(`Dialwright is already starting (process ${process.pid}`);
  lock.announce('http://127.0.0.1:3000');
  expect(() => lockRun(NAME)).toThrow(AlreadyRunningError);
  expect(() => lockRun(NAME)).toThrow(
    `already running at http://127.0.0.1:3000 (process ${process.pid}, data in .data/${NAME}). Stop it with Ctrl-C in its terminal, or: kill ${process.pid}`,
  );
  lock.release();
  expect(existsSync(FILE)).toBe(false);
});

it.each([
  ['of a process that has this number now, but is another one', { pid: process.pid, identity: 'another', url: null }],
  ['of a process that is gone', { pid: 2 ** 30, identity: 'gone', url: null }],
])('takes over the lock %s', (_what, holder) => {
  writeFileSync(FILE, JSON.stringify(holder));
  lockRun(NAME).release();
  expect(existsSync(FILE)).toBe(false);
});

it('leaves the lock of another run alone when it ends', () => {
  const lock = lockRun(NAME);
  const other = JSON.stringify({ pid: 1, identity: 'x', url: null });
  writeFileSync(FILE, other);
  lock.release();
  expect(readFileSync(FILE, 'utf8')).toBe(other);
});
