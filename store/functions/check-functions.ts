import { StartError } from '../../platform/start-error.js';
import type { Queryable } from '../database.js';
import { isSameFunction, readInstalledFunctions, type InstalledFunction } from './installed-functions.js';
import { compareReleases, currentRelease } from './release.js';
import { hashOfFunction, readSqlFunctions, type SqlFunction } from './sql-functions.js';

/** The database has other functions than those that this process was built with; the message says which, and what to do. */
export class SqlFunctionsError extends StartError {
  override readonly name = 'SqlFunctionsError';
}

/** Decides what time it is; tests bind it to skipped time (ADR 3). */
const CLOCK = 'dialwright_now';
const NAMED_MAX = 5;

type CheckOptions = { allowClockOverride?: boolean };

/**
 * Refuses to run on a database whose functions are not the ones of this build: they decide who is called and when. Called
 * once, at the start of API and worker. Accepts a function of a newer release that says that it serves this one too.
 * @throws SqlFunctionsError which says of each function whether it is missing, was replaced by hand, or is of another release
 */
export async function checkFunctions(db: Queryable, { allowClockOverride = false }: CheckOptions = {}): Promise<void> {
  const installed = await readInstalledFunctions(db);
  const release = currentRelease();
  const wanted = readSqlFunctions();
  if (wanted.every(({ name }) => !installed.has(name)))
    throw new SqlFunctionsError('The database is empty: run `npm run migrate` first.');
  const problems = wanted
    .filter(({ name }) => !(allowClockOverride && name === CLOCK))
    .flatMap((expected) => problemOf(expected, installed.get(expected.name), release) ?? []);
  if (problems.length === 0) return;
  const named = problems.slice(0, NAMED_MAX).map((problem) => `  ${problem}`);
  const others = problems.length > NAMED_MAX ? [`  and ${problems.length - NAMED_MAX} more`] : [];
  throw new SqlFunctionsError(
    ['The database does not have the functions of this process, which does not start:', ...named, ...others].join('\n'),
  );
}

function problemOf(expected: SqlFunction, found: InstalledFunction | undefined, release: string): string | null {
  const { name, file } = expected;
  if (!found) return `${name} (${file}) is missing: run \`npm run migrate\``;
  if (found.overloads > 1) return `${name} (${file}) is there ${found.overloads} times: drop the one that is not ours`;
  if (isSameFunction(found, expected)) return null;
  const { note } = found;
  if (!note || note.hash !== hashOfFunction(found))
    return `${name} (${file}) was replaced by hand: \`npm run migrate\` puts it back`;
  if (compareReleases(note.release, release) <= 0)
    return `${name} (${file}) is of another build of release ${note.release}: run \`npm run migrate\``;
  if (note.serves.includes(release)) return null;
  return `${name} (${file}) is of release ${note.release}, which does not serve ${release}: start the newer release`;
}
