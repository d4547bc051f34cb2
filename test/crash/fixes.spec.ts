import path from 'node:path';
import type { ApiClient } from '../../dev/demo/api-client.js';
import type { Stack } from '../../dev/stack.js';
import type { Database } from '../../store/database.js';
import { startCrashStack, type CrashStack } from './crash-stack.js';
import { eventually } from '../support/eventually.js';
import { createDraft, uploadFile, writeImportFile, type ShownImport } from '../support/upload-file.js';

/** Real processes, killed with SIGKILL in the middle of a fix of every row, and of its undo, and started again. */
const ROWS = 30_000;
/** Enough that some steps are committed, and most are not. */
const KILLED_AFTER = 1_500;
const LEFT_MAX_MS = 90_000;
const FIX = { code: 'phone_without_country_code', action: 'country', country: 'US' };

type Counted = { stage: string; reached: number; accepted: number; rejected: number; acceptedRows: number };

let crash: CrashStack;
let stack: Stack;
let call: ApiClient;
let db: Database;
let dir: string;
beforeAll(async () => {
  crash = await startCrashStack('fixes');
  ({ stack, call, db, dir } = crash);
}, 120_000);
afterAll(() => crash?.stop(), 60_000);

it('a fix of all rows, and its undo, go on by themselves after API and worker were killed, and no row is done twice or left', async () => {
  const file = path.join(dir, 'people.csv');
  await writeImportFile(file, ROWS, { phoneHeader: 'Mobile', withoutPlusEvery: 1 });
  const uploader = { stack, call };
  const batchId = await createDraft(uploader, 'Fixed');
  const { shown } = await uploadFile(uploader, batchId, file, { Mobile: 'phoneNumber' });
  expect(shown).toMatchObject({ acceptedRows: 0, rejectedRows: ROWS });

  await killInTheMiddle(() => call('POST', `/v1/imports/${shown.id}/fix`, FIX), 'RUNNING');
  await ended('DONE');
  expect(await count()).toMatchObject({ accepted: ROWS, rejected: 0, acceptedRows: ROWS });
  expect(await call<ShownImport>('GET', `/v1/imports/${shown.id}`)).toMatchObject({
    ...{ acceptedRows: ROWS, rejectedRows: 0 },
    fix: { checkedRows: ROWS, acceptedRows: ROWS },
  });

  await killInTheMiddle(() => call('POST', `/v1/imports/${shown.id}/fix/undo`, {}), 'UNDOING');
  await ended('UNDONE');
  expect(await count()).toMatchObject({ accepted: 0, rejected: ROWS, acceptedRows: 0 });
  expect(await call<ShownImport>('GET', `/v1/imports/${shown.id}`)).toMatchObject({
    ...{ acceptedRows: 0, rejectedRows: ROWS },
    fix: { undoneRows: ROWS },
  });
}, 300_000);

/** Begins it, kills both processes once some rows are done, and looks whether rows and counts agree; then starts both. */
async function killInTheMiddle(begin: () => Promise<unknown>, stage: string): Promise<void> {
  const answer = begin().catch(() => null); // its API dies
  await eventually(
    async () => {
      const { reached, ...now } = await count();
      expect(now.stage).toBe(stage);
      expect(reached).toBeGreaterThan(KILLED_AFTER);
    },
    30_000,
    20,
  );
  await Promise.all([stack.worker.kill(), stack.api.kill()]);
  await answer;
  const middle = await count();
  expect(middle.stage).toBe(stage);
  expect(middle.reached).toBeLessThan(ROWS);
  expect(middle.accepted).toBe(stage === 'RUNNING' ? middle.reached : ROWS - middle.reached);
  expect([middle.accepted + middle.rejected, middle.acceptedRows]).toEqual([ROWS, middle.accepted]);
  [stack.worker, stack.api] = await Promise.all([stack.startWorker(), stack.startApi()]);
}

const ended = (stage: string) => eventually(async () => expect((await count()).stage).toBe(stage), LEFT_MAX_MS, 200);

/** Where the fix is, and the rows as they are, in one look. */
async function count(): Promise<Counted> {
  const { rows } = await db.pool.query<Counted>(
    `SELECT coalesce(fix ->> 'stage', '') AS stage, accepted_rows AS "acceptedRows",
       coalesce((fix #>> CASE fix ->> 'stage' WHEN 'RUNNING' THEN '{rows,checked}'::text[] ELSE '{rows,undone}' END)::int, 0) AS reached,
       (SELECT count(*)::int FROM import_rows r WHERE r.import_id = i.id AND r.accepted) AS accepted,
       (SELECT count(*)::int FROM import_rows r WHERE r.import_id = i.id AND NOT r.accepted) AS rejected
     FROM imports i`,
  );
  return rows[0]!; // the one import
}
