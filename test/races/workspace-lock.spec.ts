import { randomUUID } from 'node:crypto';
import { ALLOWED_WHEN } from '../../domain/batches/status.js';
import { BARE_SETTINGS } from '../../domain/batches/settings.js';
import { ALWAYS } from '../../domain/hours/window.js';
import { checkJsonRecipient } from '../../domain/recipients/json-recipient.js';
import { createBatch } from '../../store/changes/create-batch.js';
import { submitAndDiscard } from '../../store/changes/submit-and-discard.js';
import { createTestCall } from '../../store/calls/test-call.js';
import type { Database } from '../../store/database.js';
import { confirmImport } from '../../store/imports/confirm-import.js';
import { updateAgent } from '../../store/settings/agents.js';
import { setAsideUnreadable } from '../../store/settings/lost-credentials.js';
import { updatePhoneNumber } from '../../store/settings/phone-numbers.js';
import { readProviderAccount } from '../../store/settings/read-provider-account.js';
import { syncAccount } from '../../store/settings/sync-account.js';
import { updateProviderAccount } from '../../store/settings/update-provider-account.js';
import { addSuppressions, removeSuppressions } from '../../store/workspaces/suppressions.js';
import { updateWorkspace } from '../../store/workspaces/workspaces.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { testSecrets } from '../support/secrets.js';
import { claim, lane, seedBatch, seedWorkspace, type Workspace } from '../support/seed.js';
import { untilLockIsAwaited } from '../support/workspace-lock.js';
import { SIMULATOR_FORM } from '../support/credentials.js';

const ZONE_DATA = '2026a';

let test: TestDatabase;
let workspace: Workspace;
let batchId: string;
beforeAll(async () => {
  test = await createTestDatabase();
});
beforeEach(async () => {
  workspace = await seedWorkspace(test.db);
  batchId = await seedBatch(test.db, workspace);
});
afterAll(() => test.drop());

/** A client that does something else each time before it sends its next statement: as if it was stopped there. */
function stalling(between: () => Promise<unknown>): Database {
  let statements = 0;
  const queryable = <T extends { query(...values: never[]): unknown }>(real: T) => ({
    async query(...values: never[]) {
      statements += 1;
      if (statements > 1) await between();
      return real.query(...values);
    },
  });
  const pool = {
    ...queryable(test.db.pool),
    async connect() {
      const tx = await test.db.pool.connect();
      return { ...queryable(tx), release: (err?: Error) => tx.release(err) };
    },
  };
  return { ...test.db, pool: pool as never }; // what verbs of the store use of a pool
}

async function seedImport(): Promise<string> {
  const { rows } = await test.db.pool.query(
    `INSERT INTO imports (workspace_id, batch_id, file_name, status, accepted_rows, total_rows)
     VALUES ($1, $2, 'a.csv', 'REVIEW', 1, 1) RETURNING id`,
    [workspace.workspaceId, batchId],
  );
  await test.db.pool.query(
    `INSERT INTO import_rows (import_id, row_number, accepted, content, problems) VALUES ($1, 1, true, '{}', '[]')`,
    [rows[0].id],
  );
  return rows[0].id;
}

const countRows = (importId: string) => test.db.prisma.importRow.count({ where: { importId } });
const command = () => ({ workspaceId: workspace.workspaceId, actor: 'test', commandId: randomUUID() });
const owned = () => ({ workspaceId: workspace.workspaceId, id: workspace.providerAccountId, actor: 'test' });
const recipient = () => {
  const checked = checkJsonRecipient({ phoneNumber: '+12025550141' }, { hoursIn: 'batch' });
  if (!checked.ok) throw new Error('the number is refused');
  return checked.recipient;
};

const testCall = (db: Database) =>
  createTestCall(db, {
    ...{ id: null, workspaceId: workspace.workspaceId, actor: 'test', recipient: recipient() },
    ...{ fromNumberId: workspace.fromNumberId, agentId: workspace.agentId, perMinuteMax: 5, zoneData: ZONE_DATA },
    lawfulOverride: { name: 'Ana', by: 'test', at: '2026-12-01', reason: 'A test.' },
  });
const newBatch = (db: Database) =>
  createBatch(db.pool, {
    ...{ id: null, workspaceId: workspace.workspaceId, actor: 'test', status: 'SCHEDULED', recipients: [recipient()] },
    settings: {
      ...{ ...BARE_SETTINGS, name: 'New', timeZone: 'UTC', window: ALWAYS },
      ...{ fromNumberId: workspace.fromNumberId, agentId: workspace.agentId },
    },
    openings: { openings: [], zoneSets: [''], untilMs: Date.now(), zoneData: ZONE_DATA, rulePacksVersion: 1 },
  });
const submit = (db: Database, importId: string) => {
  const request = { ...command(), batchId, action: 'submit' as const, from: ALLOWED_WHEN.submit };
  return submitAndDiscard(db, request, [importId]);
};
const toDraft = () => test.db.pool.query(`UPDATE batches SET status = 'DRAFT' WHERE id = $1`, [batchId]);
const setKey = (db: Database, apiKey: string) =>
  updateProviderAccount(db, testSecrets, owned(), {
    form: SIMULATOR_FORM,
    patch: { credentials: { apiKey, webhookSecret: null } },
    listed: null,
  });

const VERBS: Record<string, (db: Database) => Promise<unknown>> = {
  updateWorkspace: (db) => updateWorkspace(db.pool, command(), { name: 'Other', rulePacks: [] }),
  removeSuppressions: (db) => removeSuppressions(db.pool, command(), ['+12025550141', '+12025550142']),
  updateAgent: (db) => updateAgent(db.pool, command(), workspace.agentId, { disabled: true }),
  updatePhoneNumber: (db) => updatePhoneNumber(db.pool, command(), workspace.fromNumberId, { outbound: false }),
  syncAccount: (db) => syncAccount(db.pool, { ...workspace, actor: 'test' }, { agents: [], numbers: [] }),
  updateProviderAccount: (db) => setKey(db, 'another'),
  setAsideUnreadable: async (db) => {
    await test.db.pool.query(`UPDATE provider_accounts SET credentials = 'nonsense' WHERE id = $1`, [owned().id]);
    return setAsideUnreadable(db, testSecrets, owned().id);
  },
  createTestCall: testCall,
  createBatch: newBatch,
  confirmImport: async (db) => {
    const from = ALLOWED_WHEN.addRecipients;
    return confirmImport(db.pool, { ...command(), batchId, importId: await seedImport(), from });
  },
  submitAndDiscard: async (db) => {
    await toDraft();
    return submit(db, await seedImport());
  },
};

it.each(Object.entries(VERBS))('%s keeps no claim waiting while its client is stalled', async (_name, verb) => {
  const other = await seedBatch(test.db, workspace, { phones: ['+12025550199'] });
  const answers: unknown[] = [];
  await verb(stalling(async () => answers.push(...(await claim(test.db, workspace, [lane(other)])))));
  answers.push(...(await claim(test.db, workspace, [lane(other)])));
  expect(answers.every((answer) => typeof (answer as { verdict: string }).verdict === 'string')).toBe(true);
});

describe('what is changed by others between reading and writing', () => {
  it('is read again: the last change of the credentials is the one that holds', async () => {
    let others = 0;
    const changed = setKey(
      stalling(async () => {
        others += 1;
        if (others === 1) await setKey(test.db, 'of-somebody-else');
      }),
      'mine',
    );
    expect(await changed).toEqual({ is: 'changed', paused: [] });
    const account = await readProviderAccount(test.db.pool, testSecrets, owned().id);
    expect(account).toMatchObject({ credentials: { apiKey: 'mine' }, identityVersion: 3 });
  });

  it('is a conflict when it is changed each time, and nothing is written', async () => {
    const changed = await setKey(
      stalling(() => setKey(test.db, 'of-somebody-else')),
      'mine',
    );
    expect(changed).toEqual({ is: 'overtaken' });
    const account = await readProviderAccount(test.db.pool, testSecrets, owned().id);
    expect(account?.credentials).toEqual({ apiKey: 'of-somebody-else' });
  });

  it('stops a test call that was planned for other rule packs', async () => {
    const choose = () => updateWorkspace(test.db.pool, command(), { rulePacks: [] });
    expect(await testCall(stalling(choose))).toEqual({ is: 'overtaken' });
    expect(await test.db.prisma.batch.count({ where: { workspaceId: workspace.workspaceId, kind: 'TEST' } })).toBe(0);
    expect(await testCall(test.db)).toMatchObject({ is: 'made' });
  });

  it('keeps the rows of an upload that is confirmed while a submit would discard it', async () => {
    await toDraft();
    const importId = await seedImport();
    const confirming = await test.db.pool.connect();
    try {
      await confirming.query('BEGIN');
      const confirm = { ...command(), batchId, importId, from: ALLOWED_WHEN.addRecipients };
      expect(await confirmImport(confirming, confirm)).toMatchObject({ result: 'CONFIRMED' });
      const submitted = submit(test.db, importId);
      await untilLockIsAwaited(test.db);
      await confirming.query('COMMIT');
      expect(await submitted).toMatchObject({ result: 'READ_AGAIN' });
    } finally {
      confirming.release();
    }
    expect(await countRows(importId)).toBe(1);
    expect((await test.db.prisma.batch.findUniqueOrThrow({ where: { id: batchId } })).status).toBe('DRAFT');
  });
});

describe('a command that is repeated', () => {
  it('allows no number again that was suppressed again since', async () => {
    const asked = command();
    const phones = ['+12025550141', '+12025550142'];
    const suppress = () =>
      addSuppressions(test.db, { ...command(), count: 2 }, [phones.map((phone) => ({ phone, reason: null }))]);
    await suppress();
    expect(await removeSuppressions(test.db.pool, asked, phones)).toBe(2);
    await suppress();
    expect(await removeSuppressions(test.db.pool, asked, phones)).toBe(0);
  });

  it('takes back no later change of a workspace', async () => {
    const asked = command();
    await updateWorkspace(test.db.pool, asked, { name: 'First' });
    await updateWorkspace(test.db.pool, command(), { name: 'Second' });
    await updateWorkspace(test.db.pool, asked, { name: 'First' });
    const { name } = await test.db.prisma.workspace.findUniqueOrThrow({ where: { id: workspace.workspaceId } });
    expect(name).toBe('Second');
  });
});

it('a submit that is refused keeps the uploads, with their rows, and records nothing', async () => {
  const importId = await seedImport(); // of a batch that runs
  expect(await submit(test.db, importId)).toMatchObject({ result: 'NOT_ALLOWED', status: 'RUNNING' });
  expect(await countRows(importId)).toBe(1);
  expect((await test.db.prisma.import.findUniqueOrThrow({ where: { id: importId } })).status).toBe('REVIEW');
  expect(await test.db.prisma.auditEvent.count({ where: { batchId } })).toBe(0);
});
