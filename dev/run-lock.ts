import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { errorCode, processIdentity, projectRoot } from './processes.js';

export type RunLock = {
  /** Says where this run answers, for who finds it running. */
  announce(url: string): void;
  release(): void;
};
type Holder = { pid: number; identity: string; url: string | null };

/** Another run uses this folder of data; the message says where, and how to stop it. */
export class AlreadyRunningError extends Error {
  override readonly name = 'AlreadyRunningError';
}

/**
 * Takes a folder of data for this run: two at once would stop each other's servers. A lock whose run is dead is no lock.
 * @throws AlreadyRunningError
 */
export function lockRun(name: string): RunLock {
  const file = path.join(projectRoot, '.data', `${name}.running`);
  mkdirSync(path.dirname(file), { recursive: true });
  const own: Holder = { pid: process.pid, identity: processIdentity(process.pid), url: null };
  while (!tryCreate(file, own)) {
    const holder = read(file);
    if (holder && holder.identity !== '' && processIdentity(holder.pid) === holder.identity)
      throw new AlreadyRunningError(describe(name, holder));
    rmSync(file, { force: true });
  }
  return {
    announce: (url) => writeFileSync(file, JSON.stringify({ ...own, url })),
    release: () => {
      if (read(file)?.pid === process.pid) rmSync(file, { force: true });
    },
  };
}

function describe(name: string, { pid, url }: Holder): string {
  const where = url ? `already running at ${url}` : 'already starting';
  return `Dialwright is ${where} (process ${pid}, data in .data/${name}). Stop it with Ctrl-C in its terminal, or: kill ${pid}`;
}

/** The file appears with its content in one step. */
function tryCreate(file: string, holder: Holder): boolean {
  const beside = `${file}.${process.pid}`;
  writeFileSync(beside, JSON.stringify(holder));
  try {
    linkSync(beside, file);
    return true;
  } catch (err) {
    if (errorCode(err) === 'EEXIST') return false;
    throw err;
  } finally {
    rmSync(beside, { force: true });
  }
}

function read(file: string): Holder | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder; // written by this function only
  } catch {
    return null;
  }
}
