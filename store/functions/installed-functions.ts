import type { Queryable } from '../database.js';
import { hashOf, hashOfFunction, type SqlFunction } from './sql-functions.js';

/** A function as the database has it now. */
export type InstalledFunction = {
  name: string;
  /** How many functions have this name: with another list of arguments it is another function. */
  overloads: number;
  body: string;
  config: string[];
  /** What `migrate` noted when it put the function there; null when something else did. */
  note: FunctionNote | null;
};

/**
 * Kept as the function's comment, which a replacement by hand leaves as it is: so `hash`, of the body and the settings,
 * tells that one. `statement` is the hash of the whole text, the arguments included.
 */
export type FunctionNote = { release: string; hash: string; statement: string; serves: string[] };

export async function readInstalledFunctions(db: Queryable): Promise<Map<string, InstalledFunction>> {
  const { rows } = await db.query(
    `SELECT proname AS name, count(*)::int AS overloads, min(prosrc) AS body, min(proconfig) AS config,
       min(obj_description(oid, 'pg_proc')) AS note
     FROM pg_proc WHERE pronamespace = current_schema()::regnamespace AND prokind = 'f' GROUP BY proname`,
  );
  return new Map(
    rows.map(({ name, overloads, body, config, note }) => [
      name,
      { name, overloads, body, config: config ?? [], note: parseNote(note) },
    ]),
  );
}

export function noteOf(sqlFunction: SqlFunction, release: string): FunctionNote {
  const { statement, serves } = sqlFunction;
  return { release, hash: hashOfFunction(sqlFunction), statement: hashOf(statement), serves };
}

/** Whether the database has this very text of the function, with these settings. */
export function isSameFunction(installed: InstalledFunction, expected: Pick<SqlFunction, 'body' | 'config'>): boolean {
  return installed.overloads === 1 && hashOfFunction(installed) === hashOfFunction(expected);
}

function parseNote(note: string | null): FunctionNote | null {
  try {
    const { release, hash, statement = '', serves = [] }: Partial<FunctionNote> = JSON.parse(note ?? '{}') ?? {};
    return typeof release === 'string' && typeof hash === 'string' ? { release, hash, statement, serves } : null;
  } catch {
    return null; // A comment that a person wrote.
  }
}
