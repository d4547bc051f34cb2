import type pg from 'pg';
import { isSameFunction, noteOf, readInstalledFunctions, type InstalledFunction } from './installed-functions.js';
import { compareReleases, currentRelease } from './release.js';
import { readSqlFunctions, type SqlFunction } from './sql-functions.js';

/**
 * Puts every SQL function of this release into the database, in one transaction, so that no process sees some of them old
 * and some new. Functions that are there as they should be are left alone. Those that an older release had and this one
 * has no more are dropped; a function that `migrate` did not put there is never touched.
 * @returns the names of the functions that it wrote
 * @throws Error when the database is of a newer release, or another release has a function of that name with other arguments
 */
export async function applyFunctions(client: pg.Client, root: string): Promise<string[]> {
  const functions = readSqlFunctions(root);
  const release = currentRelease(root);
  await client.query('BEGIN');
  try {
    const installed = await readInstalledFunctions(client);
    refuseNewer(installed, release);
    const changed = functions.filter((wanted) => !isInPlace(installed.get(wanted.name), wanted, release));
    const before = await readOids(client);
    await create(client, changed);
    await dropOtherBuilds(client, { installed, before, release });
    await confirm(client, functions);
    for (const wanted of changed) await note(client, wanted, release);
    await dropRetired(client, installed, functions);
    await client.query('COMMIT');
    return changed.map(({ name }) => name);
  } catch (err) {
    await client.query('ROLLBACK');
    throw err;
  }
}

function refuseNewer(installed: ReadonlyMap<string, InstalledFunction>, release: string): void {
  for (const { name, note: found } of installed.values()) {
    if (found && compareReleases(found.release, release) > 0)
      throw new Error(
        `The function ${name} of this database is of release ${found.release}, newer than this one (${release}): ` +
          'migrate with the newest release that runs.',
      );
  }
}

function isInPlace(found: InstalledFunction | undefined, wanted: SqlFunction, release: string): boolean {
  if (!found || !isSameFunction(found, wanted)) return false;
  return JSON.stringify(found.note) === JSON.stringify(noteOf(wanted, release));
}

/** Twice: first in any order, then with their bodies checked, when everything that they call is there. */
async function create(client: pg.Client, functions: readonly SqlFunction[]): Promise<void> {
  for (const checked of ['off', 'on']) {
    await client.query(`SET LOCAL check_function_bodies = ${checked}`);
    for (const { name, file, statement } of functions) {
      try {
        await client.query(statement);
      } catch (err) {
        const { message } = err as Error; // pg rejects with errors only
        throw new Error(`The function ${name} (${file}) was refused: ${message}`, { cause: err });
      }
    }
  }
}

async function note(client: pg.Client, wanted: SqlFunction, release: string): Promise<void> {
  const text = client.escapeLiteral(JSON.stringify(noteOf(wanted, release)));
  await client.query(`COMMENT ON FUNCTION ${client.escapeIdentifier(wanted.name)} IS ${text}`);
}

async function readOids(client: pg.Client): Promise<Map<string, string>> {
  const { rows } = await client.query<{ oid: string; name: string }>(
    `SELECT oid::text, proname AS name FROM pg_proc WHERE pronamespace = current_schema()::regnamespace AND prokind = 'f'`,
  );
  return new Map(rows.map(({ oid, name }) => [oid, name]));
}

type Earlier = {
  installed: ReadonlyMap<string, InstalledFunction>;
  before: ReadonlyMap<string, string>;
  release: string;
};

/**
 * A function that has other arguments now is another one for PostgreSQL. That of an earlier build of this very release, which
 * nobody runs beside it, goes; one of another release stays, and is refused by `confirm`.
 */
async function dropOtherBuilds(client: pg.Client, { installed, before, release }: Earlier): Promise<void> {
  const now = [...(await readOids(client)).entries()];
  for (const [oid, name] of before) {
    const isReplaced = now.some(([otherOid, otherName]) => otherName === name && !before.has(otherOid));
    const found = installed.get(name);
    if (!isReplaced || found?.overloads !== 1 || found.note?.release !== release) continue;
    const { rows } = await client.query<{ signature: string }>('SELECT $1::oid::regprocedure::text AS signature', [
      oid,
    ]);
    await client.query(`DROP FUNCTION ${rows[0]!.signature}`); // it was there a moment ago, in this transaction
  }
}

async function dropRetired(
  client: pg.Client,
  installed: ReadonlyMap<string, InstalledFunction>,
  functions: readonly SqlFunction[],
): Promise<void> {
  const kept = new Set(functions.map(({ name }) => name));
  for (const { name, note: found } of installed.values()) {
    if (found && !kept.has(name)) await client.query(`DROP FUNCTION ${client.escapeIdentifier(name)}`);
  }
}

/** What PostgreSQL keeps is what the files say: API and worker compare the same two at their start. */
async function confirm(client: pg.Client, functions: readonly SqlFunction[]): Promise<void> {
  const installed = await readInstalledFunctions(client);
  for (const wanted of functions) {
    const found = installed.get(wanted.name);
    if (found && isSameFunction(found, wanted)) continue;
    throw new Error(
      found && found.overloads > 1
        ? `The database has another function ${wanted.name} with other arguments: give the new one another name.`
        : `The file ${wanted.file} does not say what PostgreSQL keeps of it: write its body between $$, its settings as SET.`,
    );
  }
}
