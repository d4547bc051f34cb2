import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { errorCode, projectRoot } from './processes.js';
import { fetchTemporalProgram, findTemporalProgram, type TemporalProgramName } from './servers/temporal-bin.js';

/** Prints how far it is. */
type Say = (message: string) => void;

/** What the database client is made from: the schema, and the version of Prisma. */
const clientSources = ['prisma/schema.prisma', 'package-lock.json'];
const clientStamp = path.join(projectRoot, 'store', 'generated', '.schema');

/**
 * Makes what a fresh clone lacks after its npm packages: Temporal's programs and the database client. What is there is
 * left alone, so it is safe to repeat. bootstrap.mjs calls it, which holds the lock of the folder.
 *
 * @returns the files that make the folder ready. bootstrap.mjs calls again when one is gone, or when what decides here
 * has changed: it lists those files and variables.
 */
export async function prepare({ forTests, say }: { forTests: boolean; say: Say }): Promise<string[]> {
  const files: string[] = [];
  if (!process.env['TEMPORAL_ADDRESS'] || forTests) files.push(await fetchTemporal('cli', say));
  if (forTests) files.push(await fetchTemporal('test', say));
  generateClient(say);
  return [...files, clientStamp];
}

async function fetchTemporal(name: TemporalProgramName, say: Say): Promise<string> {
  const found = findTemporalProgram(name);
  if (found) return found.path;
  const program = await fetchTemporalProgram(name, { log: say });
  say(`${path.relative(projectRoot, program.path)} (${program.from})`);
  return program.path;
}

function generateClient(say: Say): void {
  const key = clientKey();
  if (readIfAny(clientStamp) === key) return;
  say('Generating the database client');
  const prisma = path.join(projectRoot, 'node_modules', 'prisma', 'build', 'index.js');
  const result = spawnSync(process.execPath, [prisma, 'generate'], { cwd: projectRoot, encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`prisma generate failed.\n${result.stdout}${result.stderr}`);
  writeFileSync(clientStamp, key);
}

function clientKey(): string {
  const sum = createHash('sha256');
  for (const source of clientSources) sum.update(readFileSync(path.join(projectRoot, source)));
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
