import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { phoneNumbersInput } from '../../../api/actions/check-phones.js';
import { createApiKey } from '../../../store/people/api-keys.js';
import { addSuppressions } from '../../../store/workspaces/suppressions.js';
import { claim, lane, recipientStates, seedBatch, seedWorkspace, type Workspace } from '../../support/seed.js';
import { notifiedLanes, untilLockIsAwaited } from '../../support/workspace-lock.js';
import { send, startTestApi, type Received, type Sent, type TestApi } from '../support/test-api.js';

let api: TestApi;
let workspace: Workspace;
let key: string;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());
beforeEach(async () => {
  workspace = await seedWorkspace(api.db, { concurrencyLimit: 10_000 });
  const { workspaceId } = workspace;
  key = (await createApiKey(api.db, { workspaceId, name: 'Test', role: 'admin' })).key;
});

const ask = (operationId: string, sent: Sent = {}): Promise<Received> => send(api, operationId, { key, ...sent });
const add = (phoneNumbers: string[], reason?: string) =>
  ask('addSuppressions', { json: { phoneNumbers, ...(reason !== undefined && { reason }) } });
const upload = (content: string) => ask('importSuppressions', { file: { name: 'stop.csv', content } });
const listed = async () =>
  (await ask('listSuppressions')).body.data as { phoneNumber: string; reason: string | null }[];
const listedPhones = async () => (await listed()).map(({ phoneNumber }) => phoneNumber);
const audit = () =>
  api.db.prisma.auditEvent.findMany({
    where: { workspaceId: workspace.workspaceId, actor: { not: 'setup' } },
    orderBy: { at: 'asc' },
  });

describe('a suppressed number', () => {
  it('is never dialled after the answer, though its batch is running: its recipient becomes SUPPRESSED at its turn', async () => {
    const batchId = await seedBatch(api.db, workspace, { phones: ['+12025550141', '+12025550142'] });
    expect((await add(['+1 (202) 555-0141'])).status).toBe(200);
    const answers = await claim(api.db, workspace, [lane(batchId), lane(batchId)]);
    const called = answers.flatMap((answer) => (answer.verdict === 'CLAIMED' ? [answer.call.to] : []));
    expect(called).toEqual(['+12025550142']);
    expect(await recipientStates(api.db, batchId)).toEqual(['SUPPRESSED', 'IN_PROGRESS']);
  });

  it('is not dialled when it is written with digits alone and its recipient skips the check', async () => {
    const batchId = await seedBatch(api.db, workspace, { phones: ['0123', '+15555550141'] });
    await add(['01-23', '001 555 555 0141']);
    const answers = await claim(api.db, workspace, [lane(batchId), lane(batchId)]);
    expect(answers.map(({ verdict }) => verdict)).not.toContain('CLAIMED');
    expect(await recipientStates(api.db, batchId)).toEqual(['SUPPRESSED', 'SUPPRESSED']);
  });

  it('may be called by another workspace', async () => {
    await add(['+12025550141']);
    const other = await seedWorkspace(api.db);
    const batchId = await seedBatch(api.db, other, { phones: ['+12025550141'] });
    expect((await claim(api.db, other, [lane(batchId)]))[0]?.verdict).toBe('CLAIMED');
  });

  it('is called again once it has been removed', async () => {
    await add(['+12025550141']);
    const removed = await ask('removeSuppressions', {
      json: { phoneNumbers: ['+12025550141', '+12025550141', '+12025550142'] },
    });
    expect(removed.body).toEqual({ removed: 1, notThere: 1 });
    const batchId = await seedBatch(api.db, workspace, { phones: ['+12025550141'] });
    expect((await claim(api.db, workspace, [lane(batchId)]))[0]?.verdict).toBe('CLAIMED');
  });
});

describe('the answer that suppresses a number', () => {
  it('comes only after the claim that came before it, and forbids the next', async () => {
    const phones = ['+12025550141', '+12025550142'];
    const batchId = await seedBatch(api.db, workspace, { phones });
    const claimer = await api.db.pool.connect();
    try {
      await claimer.query('BEGIN');
      const first = await claim({ ...api.db, pool: claimer as never }, workspace, [lane(batchId)]); // a Queryable is enough
      expect(first[0]?.verdict).toBe('CLAIMED');
      let isAnswered = false;
      const suppressed = add(phones).finally(() => (isAnswered = true));
      await untilLockIsAwaited(api.db);
      expect(isAnswered).toBe(false);
      await claimer.query('COMMIT');
      await suppressed;
      await claim(api.db, workspace, [lane(batchId)]);
      expect(await recipientStates(api.db, batchId)).toEqual(['IN_PROGRESS', 'SUPPRESSED']);
    } finally {
      claimer.release(true);
    }
  });

  it('is followed by no dial of it, whoever claims at that moment', async () => {
    const { workspaceId } = workspace;
    const command = { workspaceId, actor: 'test', commandId: null, count: 0 };
    for (let round = 0; round < 10; round++) {
      const phones = Array.from({ length: 150 }, (_, index) => `+1202${5_000_000 + round * 1_000 + index}`);
      const batchId = await seedBatch(api.db, workspace, { phones });
      const countAttempts = () => api.db.prisma.attempt.count({ where: { batchId } });
      const dialler = async (): Promise<void> => {
        for (;;) {
          const answers = await claim(
            api.db,
            workspace,
            Array.from({ length: 4 }, () => lane(batchId)),
          );
          if (answers.some((answer) => answer.verdict === 'END')) return;
        }
      };
      const diallers = Array.from({ length: 6 }, dialler);
      while ((await countAttempts()) < 20);
      await addSuppressions(api.db, command, [phones.map((phone) => ({ phone, reason: null }))]);
      const atTheAnswer = await countAttempts();
      await Promise.all(diallers);
      // Not by the stamp of the attempts: what matters is that none is committed after the answer.
      expect(await countAttempts()).toBe(atTheAnswer);
      expect(await recipientStates(api.db, batchId)).toContain('SUPPRESSED');
    }
  });

  it('tells the lanes that wait, so that waiting recipients with it are settled', async () => {
    expect(await notifiedLanes(api.db, () => add(['+12025550141']))).toContain(workspace.workspaceId);
  });
});

describe('adding numbers', () => {
  it('counts what is new, keeps the reason that a number had, and says which are not what batches call', async () => {
    expect((await add(['+12025550141', '+1 555 555 0142'], 'asked us to')).body).toEqual({
      added: 2,
      alreadyThere: 0,
      notE164: 1,
    });
    expect((await add(['+12025550141', '+12025550143', '+1 202 555 0143'])).body).toEqual({
      added: 1,
      alreadyThere: 2,
      notE164: 0,
    });
    expect(await listed()).toEqual([
      expect.objectContaining({ phoneNumber: '+12025550143', reason: null }),
      expect.objectContaining({ phoneNumber: '+15555550142', reason: 'asked us to' }),
      expect.objectContaining({ phoneNumber: '+12025550141', reason: 'asked us to' }),
    ]);
  });

  it('adds none when one of them cannot be read, and says which and why', async () => {
    const { status, problem } = await add(['+12025550141', '12a', 'a\0', '12']);
    expect([status, problem.code]).toEqual([422, 'validation_failed']);
    expect(problem.errors.map(({ field, code }) => [field, code])).toEqual([
      ['phoneNumbers[1]', 'phone_not_digits'],
      ['phoneNumbers[2]', 'text_broken'],
      ['phoneNumbers[3]', 'phone_too_short'],
    ]);
    expect(await listed()).toEqual([]);
    expect((await add([])).problem.errors[0]?.field).toBe('phoneNumbers');
  });

  it('removes none when one of them may be several numbers, or none: nobody is told that it was', async () => {
    await add(['+442079460018']);
    for (const phone of ['020 7946 0018', '12a']) {
      const { status, problem } = await ask('removeSuppressions', { json: { phoneNumbers: ['+442079460018', phone] } });
      expect([status, problem.errors[0]?.field]).toEqual([422, 'phoneNumbers[1]']);
    }
    expect(await listedPhones()).toEqual(['+442079460018']);
  });

  it('takes ten thousand in one request, and no more', () => {
    const phones = Array.from({ length: 10_000 }, (_, index) => `+1202${5_000_000 + index}`);
    expect(phoneNumbersInput.safeParse(phones).success).toBe(true);
    expect(phoneNumbersInput.safeParse([...phones, '+12025550141']).error?.issues[0]?.message).toContain('CSV');
  });

  it('is recorded once, with the count and without the numbers', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const sent = { json: { phoneNumbers: ['+12025550141', '+12025550142'] }, headers };
    await ask('addSuppressions', sent);
    // The answer is taken away: as if the process had died just before it was stored.
    await api.db.pool.query(
      `UPDATE idempotency_keys SET status = NULL, locked_at = dialwright_now() - interval '61 s'`,
    );
    await ask('addSuppressions', sent);
    await ask('removeSuppressions', { json: { phoneNumbers: ['+12025550142'] } });
    const events = await audit();
    expect(events.map(({ action, detail }) => [action, detail])).toEqual([
      ['suppress', { count: 2 }],
      ['unsuppress', { count: 1 }],
    ]);
    expect(JSON.stringify(events)).not.toContain('2025550');
  });

  it('a removal whose answer was lost does not remove what was added in the meantime', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const sent = { json: { phoneNumbers: ['+12025550141'] }, headers };
    await add(['+12025550141']);
    await ask('removeSuppressions', sent);
    await add(['+12025550141']);
    await api.db.pool.query(
      `UPDATE idempotency_keys SET status = NULL, locked_at = dialwright_now() - interval '61 s'`,
    );
    expect((await ask('removeSuppressions', sent)).status).toBe(200);
    expect(await listedPhones()).toEqual(['+12025550141']);
  });
});

describe('the list of suppressed numbers', () => {
  it('goes through all of them once, newest first, page by page', async () => {
    const phones = Array.from({ length: 5 }, (_, index) => `+1202555014${index}`);
    for (const phone of phones) await add([phone]);
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const { body } = await ask('listSuppressions', { query: { limit: '2', ...(cursor && { cursor }) } });
      found.push(...body.data.map((row: { phoneNumber: string }) => row.phoneNumber));
      cursor = body.nextCursor ?? undefined;
    } while (cursor);
    expect(found).toEqual([...phones].reverse());
  });

  it.each([
    ['a whole number, however it is written', '+1 202-555-0141', ['+12025550141']],
    ['a part of a number', '202 555 014', ['+12025550142', '+12025550141']],
    ['digits alone', '0123', ['0123']],
    ['a word of the reason', 'ASKED', ['+12025550142']],
    ['what is not there', '+12025550149', []],
    ['a dash', '-', []],
  ])('is searched by %s', async (_what, text, phones) => {
    await add(['+12025550141', '0123']);
    await add(['+12025550142'], 'Asked us to');
    const { body } = await ask('searchSuppressions', { json: { text } });
    expect(body.data.map((row: { phoneNumber: string }) => row.phoneNumber)).toEqual(phones);
  });

  it('shows nothing of another workspace', async () => {
    await add(['+12025550141']);
    const other = { key: api.other.keys.viewer };
    expect((await ask('listSuppressions', other)).body.data).toEqual([]);
    expect((await ask('searchSuppressions', { ...other, json: { text: '+12025550141' } })).body.data).toEqual([]);
  });
});

describe('a file of numbers', () => {
  it('adds its valid rows, and names the others with what is wrong', async () => {
    await add(['+12025550141'], 'before');
    const { body } = await upload(
      'Reason;phoneNumber;city\nasked us to;+12025550141;x\n"a; b";0012025550142;\n;+15555550143;\n;12a;\nshifted;+12025550144;a;b\n;;\n' +
        `${'x'.repeat(201)};+12025550145;\n`,
    );
    expect(body).toMatchObject({ added: 2, alreadyThere: 1, notE164: 1, rejectedRows: 3 });
    expect(body.rejected).toEqual([
      { rowNumber: 4, message: expect.stringContaining("phone '12a' is not a phone number") },
      { rowNumber: 5, message: expect.stringContaining('4 cells for 3 headers') },
      { rowNumber: 6, message: expect.stringContaining('more than 200 characters') },
    ]);
    expect(await listed()).toEqual([
      expect.objectContaining({ phoneNumber: '+15555550143', reason: null }),
      expect.objectContaining({ phoneNumber: '+12025550142', reason: 'a; b' }),
      expect.objectContaining({ phoneNumber: '+12025550141', reason: 'before' }),
    ]);
    expect((await audit()).map(({ action, detail }) => [action, detail])).toEqual([
      ['suppress', { count: 1 }],
      ['suppress', { count: 3 }],
    ]);
  });

  it('of more rows than one call to the database takes is added whole', async () => {
    const rows = Array.from({ length: 12_001 }, (_, index) => `+1202${5_000_000 + index}`);
    expect((await upload(`phone_number\n${rows.join('\n')}\n`)).body).toMatchObject({ added: 12_001, rejectedRows: 0 });
    expect((await upload(`phone_number\n${rows.join('\n')}\n`)).body).toMatchObject({ added: 0, alreadyThere: 12_001 });
    expect(await api.db.prisma.suppression.count({ where: { workspaceId: workspace.workspaceId } })).toBe(12_001);
  });

  it('names a hundred rejected rows at most, and counts them all', async () => {
    const { body } = await upload(`phone_number\n${'nonsense\n'.repeat(150)}+12025550141\n`);
    expect([body.added, body.rejectedRows, body.rejected.length]).toEqual([1, 150, 100]);
  });

  it('loses its last row to a quote that is not closed, and adds the others', async () => {
    const { body } = await upload(`phone_number\n${'+12025550141\n'.repeat(9_000)}"+12025550142`);
    expect([body.added, body.rejectedRows, body.rejected[0].rowNumber]).toEqual([1, 1, 9_001]);
  });
});
