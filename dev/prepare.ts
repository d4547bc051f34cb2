import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { errorCode, projectRoot } from './processes.js';
import { fetchTemporalProgram, findTemporalProgram, type TemporalProgramName } from './servers/temporal-bin.js';

/** Prints how far it is. */
type Say = (message: string) => void;

/** Code that is made by a program of a package, from a file of ours. */
type Made = { what: string; from: string; program: readonly string[]; args: readonly string[]; stamp: string };

const MADE: readonly Made[] = [
  {
    what: 'the database client',
    from: 'prisma/schema.prisma',
    program: ['prisma', 'build', 'index.js'],
    args: ['generate'],
    stamp: path.join(projectRoot, 'store', 'generated', '.schema'),
  },
  {
    what: 'the types of the API client',
    from: 'openapi.json',
    program: ['openapi-typescript', 'bin', 'cli.js'],
    // What has a default may be left out of what is sent.
    args: ['openapi.json', '--output', 'client/generated/schema.ts', '--default-non-nullable=false'],
    stamp: path.join(projectRoot, 'client', 'generated', '.schema'),
  },
];

/**
 * Makes what a fresh clone lacks after its npm packages: Temporal's programs, the database client and the types of the API client. What is there is
 * left alone, so it is safe to repeat. bootstrap.mjs calls it, which holds the lock of the folder.
 *
 * @returns the files that make the folder ready. bootstrap.mjs calls again when one is gone, or when what decides here
 * has changed: it lists those files and variables.
 */
export async function prepare({ forTests, say }: { forTests: boolean; say: Say }): Promise<string[]> {
  const files: string[] = [];
  if (!process.env['TEMPORAL_ADDRESS'] || forTests) files.push(await fetchTemporal('cli', say));
  if (forTests) files.push(await fetchTemporal('test', say));
  for (const made of MADE) makeCode(made, say);
  return [...files, ...MADE.map(({ stamp }) => stamp)];
}

async function fetchTemporal(name: TemporalProgramName, say: Say): Promise<string> {
  const found = findTemporalProgram(name);
  if (found) return found.path;
  const program = await fetchTemporalProgram(name, { log: say });
  say(`${path.relative(projectRoot, program.path)} (${program.from})`);
  return program.path;
}

function makeCode({ what, from, program, args, stamp }: Made, say: Say): void {
  const key = keyOf(from);
  if (readIfAny(stamp) === key) return;
  say(`Generating ${what}`);
  const command = path.join(projectRoot, 'node_modules', ...program);
  const result = spawnSync(process.execPath, [command, ...args], { cwd: projectRoot, encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`Generating ${what} failed.\n${result.stdout}${result.stderr}`);
  writeFileSync(stamp, key);
}

/** Of the file, and of the versions of all packages. */
function keyOf(from: string): string {
  const sum = createHash('sha256');
  for (const source of [from, 'package-lock.json']) sum.update(readFileSync(path.join(projectRoot, source)));
  return sum.digest('hex');
}

function readIfAny(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (err) {
    if (errorCode(err) === 'ENOENT') return undefined;
    throw err;
  }
}
