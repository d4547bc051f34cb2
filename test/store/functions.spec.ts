import { spawnSync } from 'node:child_process';
import { checkFunctions, SqlFunctionsError } from '../../store/functions/check-functions.js';
import { readInstalledFunctions } from '../../store/functions/installed-functions.js';
import { hashOfFunction, readSqlFunctions } from '../../store/functions/sql-functions.js';
import { programOf } from '../../dev/programs.js';
import { bindClock } from '../support/bind-clock.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

let test: TestDatabase;
beforeEach(async () => {
  test = await createTestDatabase();
});
afterEach(() => test.drop());

function sqlFunction(name: string) {
  const found = readSqlFunctions().find((each) => each.name === name);
  if (!found) throw new Error(`no function ${name}`);
  return found;
}

/** As somebody would do it in psql: the same function with one condition less. */
async function replaceByHand(): Promise<void> {
  const { statement } = sqlFunction('claim_calls');
  const weaker = statement.replace('wanted > 0', 'true');
  expect(weaker).not.toBe(statement);
  await test.db.pool.query(weaker);
}

/** As if `migrate` of that release had put the function there that is there now. */
async function noteRelease(name: string, release: string, serves: string[]): Promise<void> {
  const installed = (await readInstalledFunctions(test.db.pool)).get(name);
  if (!installed) throw new Error(`no function ${name}`);
  const note = JSON.stringify({ ...installed.note, hash: hashOfFunction(installed), release, serves });
  await test.db.pool.query(`COMMENT ON FUNCTION ${name} IS '${note}'`);
}

it('accepts the database that migrate has made', async () => {
  await checkFunctions(test.db.pool);
});

it('every function of the database is one of the files', async () => {
  const installed = await readInstalledFunctions(test.db.pool);
  expect([...installed.keys()].sort()).toEqual(
    readSqlFunctions()
      .map(({ name }) => name)
      .sort(),
  );
});

it('refuses a function that was replaced by hand, and says which', async () => {
  await replaceByHand();
  await expect(checkFunctions(test.db.pool)).rejects.toThrow(
    'claim_calls (store/claims/claim_calls.sql) was replaced by hand: `npm run migrate` puts it back',
  );
});

it('refuses a function whose settings were changed by hand', async () => {
  await test.db.pool.query('ALTER FUNCTION claim_calls RESET enable_seqscan');
  await expect(checkFunctions(test.db.pool)).rejects.toThrow('claim_calls (store/claims/claim_calls.sql) was replaced');
});

it('refuses a trigger function of a migration that was replaced by hand', async () => {
  await test.db.pool.query(
    'CREATE OR REPLACE FUNCTION note_batch_zones() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$',
  );
  await expect(checkFunctions(test.db.pool)).rejects.toThrow(/note_batch_zones \(prisma\/migrations\/.* by hand/);
});

it('refuses a database in which a function is missing, or stands twice', async () => {
  await test.db.pool.query('DROP FUNCTION note_absent');
  await test.db.pool.query('CREATE FUNCTION new_id(int) RETURNS uuid LANGUAGE sql AS $$ SELECT new_id() $$');
  const refused = checkFunctions(test.db.pool);
  await expect(refused).rejects.toThrow(
    'note_absent (store/attempts/note_absent.sql) is missing: run `npm run migrate`',
  );
  await expect(refused).rejects.toThrow(/new_id \(prisma.*\) is there 2 times/);
});

it.each([
  { serves: ['0.0.9', '0.1.0'], problem: null },
  { serves: [], problem: 'is of release 99.0.0, which does not serve 0.1.0' },
])('asks a newer release whether its function serves this one: $serves', async ({ serves, problem }) => {
  await replaceByHand();
  await noteRelease('claim_calls', '99.0.0', serves);

  const checked = checkFunctions(test.db.pool);

  if (problem === null) await checked;
  else await expect(checked).rejects.toThrow(problem);
});

it('refuses the replacement by hand of a function of a newer release that would serve this one', async () => {
  await noteRelease('claim_calls', '99.0.0', ['0.1.0']);
  await replaceByHand();
  await expect(checkFunctions(test.db.pool)).rejects.toThrow('was replaced by hand');
});

it('refuses another clock, unless the process was told to allow it; other functions are compared all the same', async () => {
  await bindClock(test.db);
  await expect(checkFunctions(test.db.pool)).rejects.toThrow('dialwright_now');
  await checkFunctions(test.db.pool, { allowClockOverride: true });

  await replaceByHand();
  await expect(checkFunctions(test.db.pool, { allowClockOverride: true })).rejects.toThrow(SqlFunctionsError);
});

it.each(['worker/main.ts', 'api/server.ts'])(
  '%s does not start after one function was replaced by hand, and says which',
  async (main) => {
    await replaceByHand();
    const { status, stdout, stderr } = spawnSync(process.execPath, programOf(main), {
      encoding: 'utf8',
      timeout: 30_000,
      env: {
        ...process.env,
        DATABASE_URL: test.url,
        DIALWRIGHT_ENCRYPTION_KEY: Buffer.alloc(32).toString('base64'),
        DIALWRIGHT_API_PORT: '0',
      },
    });
    expect(status).toBe(1);
    expect(stdout + stderr).toContain('claim_calls (store/claims/claim_calls.sql) was replaced by hand');
  },
);
