/** Decides how to run the PostgreSQL programs here: PostgreSQL refuses root, and initdb wants its user to have a name. */
import { spawn, spawnSync, type ChildProcessByStdio } from 'node:child_process';
import { statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { parentDeathLeash } from '../processes.js';

/** A program of PostgreSQL that runs. What it says on its error output is read; nothing else is. */
export type PgProcess = ChildProcessByStdio<null, null, Readable>;

/** One way to run the programs here. */
export type Launch = {
  /** Its name. */
  how: string;
  /** `dyingWithParent`: the server is stopped when this process dies, `kill -9` included, where the system can do it. */
  spawn(
    program: string,
    args: readonly string[],
    options?: { detached?: boolean; dyingWithParent?: boolean },
  ): PgProcess;
  /** Hands the folder over if it was last used in another way. */
  ownFolder(dir: string): void;
};

type Way = {
  prefix: readonly string[];
  /** The user that must own the data folder; undefined leaves the folder as it is. */
  owner: number | undefined;
  options: { uid?: number; gid?: number };
};

type Wanted = {
  /** Path of the program. */
  postgres: string;
  dataDir: string;
  /** Ways to leave out, so that the others can be tried on a machine that allows the first. */
  avoid?: readonly string[];
};

const NOBODY = 65534;
const PROBE_TIMEOUT_MS = 10_000;

const DIRECT: Way = { prefix: [], owner: undefined, options: {} };
/** In the order of preference. */
const WAYS: Record<string, Way> = {
  /** Files stay root's and any folder works. The default profile of Docker forbids it. */
  userns: { prefix: ['unshare', '--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`], owner: 0, options: {} },
  /** With the one capability that lets it pass through folders that are closed to others, as /root is. */
  setpriv: {
    prefix: [
      'setpriv',
      `--reuid=${NOBODY}`,
      `--regid=${NOBODY}`,
      '--clear-groups',
      '--inh-caps=+dac_override',
      '--ambient-caps=+dac_override',
    ],
    owner: NOBODY,
    options: {},
  },
  setuid: { prefix: [], owner: NOBODY, options: { uid: NOBODY, gid: NOBODY } },
};

/**
 * An ordinary user runs the programs directly; otherwise the first way wins that can run `postgres --version` and reach
 * `dataDir`. @throws Error that says what to do when there is no way.
 */
export function chooseLaunch({ postgres, dataDir, avoid = [] }: Wanted): Launch {
  const userId = process.getuid?.();
  if (userId === undefined || (userId !== 0 && hasName())) return launchFor('direct', DIRECT);
  for (const [how, way] of Object.entries(WAYS)) {
    if (avoid.includes(how) || (userId !== 0 && how !== 'userns')) continue;
    const owned = userId === 0 ? way : { ...way, owner: undefined };
    if (canLaunch(owned, { postgres, dataDir })) return launchFor(how, owned);
  }
  throw new Error(
    userId === 0
      ? `PostgreSQL will not run as root here, and user ${NOBODY} cannot reach ${postgres} or ${dataDir}. Move the ` +
          'project to a folder that other users may enter, run it as a normal user, or set DATABASE_URL to your own server.'
      : `User id ${userId} has no name, which initdb needs: add it to /etc/passwd, or set DATABASE_URL to your own server.`,
  );
}

function hasName(): boolean {
  try {
    os.userInfo();
    return true;
  } catch {
    return false;
  }
}

function canLaunch(way: Way, { postgres, dataDir }: Wanted): boolean {
  const succeeds = (program: string, ...args: string[]): boolean => {
    const [command = program, ...rest] = [...way.prefix, program, ...args];
    return spawnSync(command, rest, { cwd: '/', timeout: PROBE_TIMEOUT_MS, ...way.options }).status === 0;
  };
  if (!succeeds(postgres, '--version')) return false;
  // Looking up "." inside it needs what the server will need. `test -x` would not do: it ignores capabilities.
  return way.owner !== NOBODY || succeeds('test', '-d', `${path.dirname(dataDir)}/.`);
}

function launchFor(how: string, { prefix, owner, options }: Way): Launch {
  return {
    how,
    spawn(program, args, { dyingWithParent = false, detached = false } = {}) {
      const leash = dyingWithParent && how !== 'setuid' ? parentDeathLeash('INT') : [];
      const [command = program, ...rest] = [...prefix, ...leash, program, ...args];
      return spawn(command, rest, { cwd: '/', ...options, detached, stdio: ['ignore', 'ignore', 'pipe'] });
    },
    ownFolder(dir) {
      if (owner === undefined || statSync(dir).uid === owner) return;
      spawnSync('chown', ['-R', `${owner}:${owner}`, dir], { timeout: PROBE_TIMEOUT_MS });
    },
  };
}
