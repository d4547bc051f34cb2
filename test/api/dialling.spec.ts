import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { parsePublicId, publicId } from '../../domain/ids.js';
import { readSettings } from '../../platform/settings.js';
import { changeBatch } from '../../store/batches/change-batch.js';
import { seedBatch } from '../support/seed.js';
import { attempt, batchBody, draft, firstRecipient, reviewedImport, seeded } from './requests.js';
import { send, startTestApi, type TestApi } from './test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

const NOTHING = '0190a6f2c8e87b4f9d1e2a3b4c5d6e7f';
const DIALLING = {
  limits: { concurrency: 7, reservedConcurrency: 2, callsPerSecond: 3 },
  retryPolicy: {
    maxAttempts: 4,
    outcomes: { BUSY: { attempts: 4, delayMinutes: 5 }, VOICEMAIL: { attempts: 2, delayMinutes: 1440 } },
    notAfter: '2030-01-01T00:00:00.000Z',
  },
  successCriterion: { kind: 'minimumDuration', seconds: 30 },
  circuitBreakers: { failureShare: 0.8, shortCallShare: 0.3, providerErrorShare: null, sampleSize: 20 },
};

const uuidOf = (batchId: string): string => parsePublicId('batch', batchId)!;
const storedBatch = (batchId: string) => api.db.prisma.batch.findUniqueOrThrow({ where: { id: uuidOf(batchId) } });
const setWaits = (uuid: string, waits: string) =>
  api.db.pool.query(
    `UPDATE recipient_states s SET ${waits} FROM (SELECT recipient_id, row_number() OVER (ORDER BY ordinal) AS place FROM recipient_states WHERE batch_id = $1) p WHERE p.recipient_id = s.recipient_id`,
    [uuid],
  );

/** The attempt as it is, its batch and its recipient as it is shown. */
async function look(attemptId: string) {
  const row = await api.db.prisma.attempt.findUniqueOrThrow({ where: { id: parsePublicId('attempt', attemptId)! } });
  const { body } = await send(api, 'getRecipient', {
    params: { recipientId: publicId('recipient', row.recipientId) },
  });
  return { row, recipient: body, batchId: publicId('batch', row.batchId) };
}

describe('a verdict', () => {
  it.each([
    [{ verdict: 'called' }, 'ENDED', 'ANSWERED', 'COMPLETED'],
    [{ verdict: 'called', outcome: 'BUSY' }, 'ENDED', 'BUSY', 'NO_ANSWER'],
    [{ verdict: 'not-called' }, 'NOT_PLACED', null, 'QUEUED'],
    [{ verdict: 'give-up' }, 'ENDED', 'UNCERTAIN', 'UNCERTAIN'],
  ])('%j settles an uncertain attempt, and its recipient', async (json, state, outcome, status) => {
    const attemptId = await attempt(api, 'UNCERTAIN');
    const answer = await send(api, 'giveVerdict', { params: { attemptId }, json, key: api.keys.operator });
    expect([answer.status, answer.body]).toEqual([200, { id: attemptId, state }]);
    const { row, recipient, batchId } = await look(attemptId);
    expect([row.state, row.outcome, row.byVerdict, recipient.status]).toEqual([state, outcome, true, status]);
    expect((await storedBatch(batchId)).wakeSentVersion).not.toBeNull();
    expect(recipient.timeline).toContainEqual(
      expect.objectContaining({ what: 'verdict', attemptId, actor: expect.stringMatching(/^key_/) }),
    );
  });

  it('is given once: a second one is refused with the state that was found', async () => {
    const params = { attemptId: await attempt(api, 'UNCERTAIN') };
    await send(api, 'giveVerdict', { params, json: { verdict: 'called' } });
    const { status, problem } = await send(api, 'giveVerdict', { params, json: { verdict: 'not-called' } });
    expect([status, problem.code, problem['attemptState']]).toEqual([409, 'attempt_not_uncertain', 'ENDED']);
    expect((await look(params.attemptId)).recipient.status).toBe('COMPLETED');
  });

  it('is answered as it was when its request is repeated after the answer was lost', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const request = { params: { attemptId: await attempt(api, 'UNCERTAIN') }, json: { verdict: 'give-up' }, headers };
    const first = await send(api, 'giveVerdict', request);
    await loseAnswer(headers['idempotency-key']);
    expect((await send(api, 'giveVerdict', request)).body).toEqual(first.body);
  });

  it.each([
    [{ verdict: 'perhaps' }, 'verdict'],
    [{ verdict: 'called', outcome: 'HAPPY' }, 'outcome'],
    [{ verdict: 'not-called', outcome: 'BUSY' }, 'outcome'],
  ])('%j is refused', async (json, field) => {
    const params = { attemptId: await attempt(api, 'UNCERTAIN') };
    const { status, problem } = await send(api, 'giveVerdict', { params, json });
    expect([status, problem.errors[0]?.field]).toEqual([422, field]);
    expect((await look(params.attemptId)).row.state).toBe('UNCERTAIN');
  });
});

describe('hanging up', () => {
  it('asks for the end of a live call, and says so in the timeline', async () => {
    const attemptId = await attempt(api, 'IN_PROGRESS');
    const answer = await send(api, 'hangUp', { params: { attemptId } });
    expect([answer.status, answer.body]).toEqual([202, { id: attemptId, state: 'IN_PROGRESS' }]);
    const { recipient } = await look(attemptId);
    expect(recipient.attemptList[0].hangUpAskedAt).toEqual(expect.any(String));
    expect(recipient.timeline.map(({ what }: { what: string }) => what)).toEqual(['claimed', 'hang up']);
  });

  it('is refused when there is no live call', async () => {
    const params = { attemptId: await attempt(api, 'UNCERTAIN') };
    const { status, problem } = await send(api, 'hangUp', { params });
    expect([status, problem.code, problem['attemptState']]).toEqual([409, 'attempt_not_live', 'UNCERTAIN']);
    expect((await look(params.attemptId)).row.hangUpAskedAt).toBeNull();
  });

  it.each([
    [{ hangUp: true }, true],
    [{ hangUp: false }, false],
    [undefined, false],
  ])('goes with a cancel only when it is asked for: %j', async (json, isAsked) => {
    const attemptId = await attempt(api, 'IN_PROGRESS');
    await api.db.prisma.attempt.update({
      where: { id: parsePublicId('attempt', attemptId)! },
      data: { slotHeld: true },
    });
    const { batchId } = await look(attemptId);
    await send(api, 'cancelBatch', { params: { batchId }, json });
    const { row } = await look(attemptId);
    expect([row.state, row.hangUpAskedAt !== null]).toEqual(['IN_PROGRESS', isAsked]);
    await api.db.prisma.attempt.update({ where: { id: row.id }, data: { slotHeld: false } });
  });
});

describe('removing recipients', () => {
  const remove = (batchId: string, json: unknown, headers = {}) =>
    send(api, 'removeRecipients', { params: { batchId }, json, headers });
  const shown = async (batchId: string): Promise<{ id: string; status: string }[]> =>
    (await send(api, 'listRecipients', { params: { batchId } })).body.data;

  it('takes out those who wait: never called they are gone, called before they are CANCELLED, others are left', async () => {
    const uuid = await seedBatch(api.db, api.workspace, { recipients: 4 });
    const batchId = publicId('batch', uuid);
    await setWaits(
      uuid,
      `attempt_count = (p.place = 2)::integer, state = CASE p.place WHEN 3 THEN 'COMPLETED' ELSE 'WAITING' END`,
    );
    const ids = (await shown(batchId)).map(({ id }) => id);
    const json = { recipientIds: [...ids.slice(0, 3), publicId('recipient', randomUUID())] };
    expect((await remove(batchId, json)).body).toEqual({ removed: 2, left: 2 });
    expect((await shown(batchId)).map(({ id, status }) => [id, status])).toEqual([
      [ids[1], 'CANCELLED'],
      [ids[2], 'COMPLETED'],
      [ids[3], 'QUEUED'],
    ]);
    expect(await api.db.prisma.recipient.count({ where: { batchId: uuid } })).toBe(3);
    expect((await storedBatch(batchId)).wakeSentVersion).not.toBeNull();
  });

  it('takes out all of an import, and nobody else', async () => {
    const importId = await reviewedImport(api);
    await send(api, 'confirmImport', { params: { importId } });
    const { batchId } = (await send(api, 'getImport', { params: { importId } })).body;
    await setWaits(uuidOf(batchId), `state = CASE p.place WHEN 3 THEN 'IN_PROGRESS' ELSE 'WAITING' END`);
    expect((await remove(batchId, { importId })).body).toEqual({ removed: 1, left: 1 });
    expect((await shown(batchId)).map(({ status }) => status)).toEqual(['PENDING', 'IN_PROGRESS']);
    const unknown = publicId('import', randomUUID());
    expect((await remove(batchId, { importId: unknown })).body).toEqual({ removed: 0, left: 0 });
  });

  it('takes out an import of more rows than go at once, and tells of all of them', async () => {
    const importId = await reviewedImport(api);
    const { batchId } = (await send(api, 'getImport', { params: { importId } })).body;
    const rows = Array.from({ length: 5_001 }, (_, index) => ({ phone: `+1202${5_000_000 + index}` }));
    const uuid = parsePublicId('import', importId)!;
    await api.db.pool.query('SELECT insert_recipients($1, $2, $3)', [uuidOf(batchId), uuid, JSON.stringify(rows)]);
    const request = { params: { batchId }, json: { importId }, headers: { 'idempotency-key': randomUUID() } };
    expect((await send(api, 'removeRecipients', request)).body).toEqual({ removed: 5_001, left: 0 });
    await loseAnswer(request.headers['idempotency-key']);
    expect((await send(api, 'removeRecipients', request)).body).toEqual({ removed: 5_001, left: 0 });
    expect(await shown(batchId)).toHaveLength(1);
  });

  it('never reaches into another batch or workspace', async () => {
    const [mine, another] = [await draft(api), await draft(api)];
    const foreign = publicId('batch', await seedBatch(api.db, api.other.workspace));
    const ids = [await firstRecipient(api, another)];
    expect((await remove(mine, { recipientIds: ids })).body).toEqual({ removed: 0, left: 1 });
    expect((await remove(foreign, { recipientIds: ids })).status).toBe(404);
    const params = { batchId: mine, recipientId: ids[0]! };
    expect((await send(api, 'removeRecipient', { params })).status).toBe(404);
    expect(await shown(another)).toHaveLength(1);
  });

  it('is answered as it was when its request is repeated after the answer was lost', async () => {
    const batchId = await draft(api);
    const headers = { 'idempotency-key': randomUUID() };
    const json = { recipientIds: [await firstRecipient(api, batchId)] };
    const first = await remove(batchId, json, headers);
    await loseAnswer(headers['idempotency-key']);
    expect([first.body, (await remove(batchId, json, headers)).body]).toEqual([
      { removed: 1, left: 0 },
      { removed: 1, left: 0 },
    ]);
  });

  it('answers 409 when the batch is over', async () => {
    const batchId = await seeded(api, { status: 'COMPLETED' });
    const { status, problem } = await remove(batchId, { recipientIds: [`rcp_${NOTHING}`] });
    expect([status, problem.code]).toEqual([409, 'action_not_allowed']);
  });

  it.each([
    ['nobody', {}],
    ['an empty list', { recipientIds: [] }],
    ['ids and an import', { recipientIds: [`rcp_${NOTHING}`], importId: `imp_${NOTHING}` }],
  ])('refuses %s', async (_what, json) => {
    const { status, problem } = await remove(await draft(api), json);
    expect([status, problem.errors[0]?.field]).toEqual([422, 'recipientIds']);
  });

  it('refuses more than a thousand at once', async () => {
    const wide = await startTestApi({ settings: readSettings({}) });
    try {
      const json = { recipientIds: Array.from({ length: 1_001 }, () => publicId('recipient', randomUUID())) };
      const { status } = await send(wide, 'removeRecipients', { params: { batchId: `bat_${NOTHING}` }, json });
      expect(status).toBe(422);
    } finally {
      await wide.stop();
    }
  });
});

describe('what a batch is dialled by', () => {
  const update = (batchId: string, json: unknown) => send(api, 'updateBatch', { params: { batchId }, json });

  it('is stored as it is sent with a new batch, and shown in the same form', async () => {
    const { body } = await send(api, 'createBatch', { json: batchBody(api, DIALLING) });
    expect(body).toMatchObject(DIALLING);
    expect(await storedBatch(body.id)).toMatchObject({
      concurrencyLimit: 7,
      reservedConcurrency: 2,
      callsPerSecond: 3,
      maxAttempts: 4,
      retryPolicy: {
        outcomes: { BUSY: { attempts: 4, delayMs: 300_000 }, VOICEMAIL: { attempts: 2, delayMs: 86_400_000 } },
        notAfter: '2030-01-01T00:00:00.000Z',
      },
      successCriterion: { minimumDurationMs: 30_000 },
      breakers: DIALLING.circuitBreakers,
    });
  });

  it('has defaults that are written out: one attempt, breakers, no limits', async () => {
    const { body } = await send(api, 'createBatch', { json: batchBody(api) });
    expect(body).toMatchObject({
      limits: { concurrency: null, reservedConcurrency: 0, callsPerSecond: null },
      retryPolicy: { maxAttempts: 1, outcomes: {}, notAfter: null },
      successCriterion: { kind: 'analysis' },
      circuitBreakers: { failureShare: 0.9, shortCallShare: null, providerErrorShare: 0.5, sampleSize: 50 },
    });
    expect((await storedBatch(body.id)).breakers).toEqual(body.circuitBreakers);
  });

  it.each(['DRAFT', 'SCHEDULED', 'PENDING', 'RUNNING', 'PAUSED'] as const)('can be changed in %s', async (status) => {
    const batchId = await seeded(api, { status });
    expect((await update(batchId, DIALLING)).body).toMatchObject({ status, ...DIALLING });
  });

  it.each(['COMPLETED', 'CANCELLED', 'FAILED'] as const)('cannot be changed in %s', async (status) => {
    const { status: answered, problem } = await update(await seeded(api, { status }), { limits: { concurrency: 1 } });
    expect([answered, problem.code]).toEqual([409, 'action_not_allowed']);
  });

  it('stays when it is left out, and a limit is cleared by null', async () => {
    const batchId = await draft(api, DIALLING);
    await update(batchId, { limits: { callsPerSecond: 9 } });
    const { body } = await update(batchId, { limits: { concurrency: null, reservedConcurrency: null } });
    expect(body).toMatchObject({
      ...DIALLING,
      limits: { concurrency: null, reservedConcurrency: 0, callsPerSecond: 9 },
    });
    expect((await update(batchId, { successCriterion: { kind: 'analysis' } })).body.successCriterion).toEqual({
      kind: 'analysis',
    });
    expect((await storedBatch(batchId)).successCriterion).toBeNull();
  });

  it('is unchanged when what is shown is sent back', async () => {
    const batchId = await draft(api, DIALLING);
    const before = await storedBatch(batchId);
    const { limits, retryPolicy, successCriterion, circuitBreakers } = (
      await send(api, 'getBatch', { params: { batchId } })
    ).body;
    await update(batchId, { limits, retryPolicy, successCriterion, circuitBreakers });
    expect(await storedBatch(batchId)).toEqual({ ...before, version: before.version + 1 });
  });

  it.each([[{ limits: { concurrency: 1 } }], [{ name: 'Other' }]])(
    'is not changed from a version that is no longer the newest: %j',
    async (change) => {
      const batchId = await draft(api);
      const { version } = (await update(batchId, { limits: { concurrency: 5 }, version: 1 })).body;
      const { status, problem } = await update(batchId, { ...change, version: 1 });
      expect([status, problem.code, problem['version']]).toEqual([409, 'version_conflict', version]);
      expect((await storedBatch(batchId)).concurrencyLimit).toBe(5);
      expect((await update(batchId, { ...change, version })).status).toBe(200);
    },
  );
});

describe('a duplicate', () => {
  it('is a draft with the same configuration and no dates of its own', async () => {
    const made = await send(api, 'createBatch', {
      json: batchBody(api, { ...DIALLING, start: { at: '2027-01-01T09:00' }, name: 'x'.repeat(100) }),
    });
    const { body, headers } = await send(api, 'duplicateBatch', { params: { batchId: made.body.id } });
    const { timeZone, window, fromNumber, agent } = made.body;
    expect(body).toMatchObject({
      ...DIALLING,
      ...{ timeZone, window, fromNumber, agent },
      status: 'DRAFT',
      startAt: null,
      retryPolicy: { ...DIALLING.retryPolicy, notAfter: null },
      counters: { recipients: { total: 0 } },
      name: `${'x'.repeat(93)} (copy)`,
    });
    expect(headers.get('location')).toBe(`/v1/batches/${body.id}`);
  });

  it('has the recipients too when asked, in order and with all that belongs to them', async () => {
    const recipients = [
      {
        phoneNumber: '+12025550171',
        name: 'Zoë',
        variables: { city: 'Łódź' },
        metadata: { n: [1] },
        customSipHeaders: { 'X-A': '1' },
        notAfter: '2030-01-01T00:00:00Z',
      },
      { phoneNumber: '+12025550172', ignoreE164Validation: true },
    ];
    const original = await draft(api, { recipients });
    const { body } = await send(api, 'duplicateBatch', {
      params: { batchId: original },
      json: { name: 'Again', recipients: true },
    });
    const list = async (batchId: string) =>
      (await send(api, 'listRecipients', { params: { batchId } })).body.data.map((recipient: object) => ({
        ...recipient,
        ...{ id: null, batchId: null, createdAt: null },
      }));
    expect([body.name, await list(body.id)]).toEqual(['Again', await list(original)]);
    expect(body.counters.recipients.total).toBe(2);
  });

  it('is refused with more recipients than are copied, and made without them', async () => {
    const uuid = await seedBatch(api.db, api.workspace, { status: 'COMPLETED', recipients: 0 });
    await api.db.pool.query(
      `INSERT INTO recipient_states (recipient_id, batch_id, ordinal, phone, state) SELECT new_id(), $1, n, '+12025550100', 'COMPLETED' FROM generate_series(1, 50001) n`,
      [uuid],
    );
    const params = { batchId: publicId('batch', uuid) };
    const { status, problem } = await send(api, 'duplicateBatch', { params, json: { recipients: true } });
    expect([status, problem.code]).toEqual([422, 'too_many_recipients']);
    expect(problem.detail).toContain('upload');
    expect((await send(api, 'duplicateBatch', { params })).status).toBe(201);
  });
});

describe('why nobody is called', () => {
  const why = async (uuid: string) =>
    (await send(api, 'getWhy', { params: { batchId: publicId('batch', uuid) } })).body;

  it('counts every waiting recipient once, under the gate that holds it back', async () => {
    const uuid = await seedBatch(api.db, api.workspace, { status: 'PAUSED', recipients: 6 });
    await setWaits(
      uuid,
      `wait_reason = CASE WHEN p.place IN (1, 2) THEN 'RETRY' WHEN p.place = 3 THEN 'CONFIRMING_ABSENCE' END,
       due_at = CASE WHEN p.place IN (1, 2) THEN '2030-01-01T00:00:00Z'::timestamptz WHEN p.place = 3 THEN 'infinity' ELSE s.due_at END`,
    );
    expect(await why(uuid)).toMatchObject({
      reason: 'PAUSED',
      until: null,
      message: expect.stringContaining('resume'),
      blocked: [
        { gate: 'PAUSED', recipients: 3, until: null },
        { gate: 'RETRY', recipients: 2, until: '2030-01-01T00:00:00.000Z' },
        { gate: 'CONFIRMING_ABSENCE', recipients: 1, until: null },
      ],
    });
  });

  it('says that calls can start, that a batch is over, and that a retry is on its way', async () => {
    const running = await seedBatch(api.db, api.workspace, { phones: ['+12025557001'] });
    expect(await why(running)).toMatchObject({ reason: 'READY', blocked: [{ gate: 'READY', recipients: 1 }] });
    const over = await seedBatch(api.db, api.workspace, { status: 'CANCELLED' });
    expect(await why(over)).toMatchObject({ reason: 'CANCELLED', blocked: [] });
    const retried = await seedBatch(api.db, api.workspace, { status: 'PENDING', recipients: 2 });
    await api.db.pool.query(`UPDATE recipient_states SET state = 'NO_ANSWER' WHERE batch_id = $1`, [retried]);
    await api.db.pool.query(`UPDATE batches SET chunk_work = 'RETRY', generation = 2 WHERE id = $1`, [retried]);
    expect((await why(retried)).blocked).toMatchObject([{ gate: 'RETRY_OUTSTANDING', recipients: 2 }]);
  });

  it.each([
    ['RETRY', '2030-01-01T00:00:00Z', '2030-01-01T00:00:00.000Z'],
    ['NUMBER_IN_CALL', '2030-01-01T00:00:00Z', null],
    ['FREQUENCY_CAP', '2030-01-01T00:00:00Z', null],
    ['PROVIDER_REFUSED', '2030-01-01T00:00:00Z', null],
    ['CONFIRMING_ABSENCE', 'infinity', null],
  ])('is told of a recipient that waits for %s', async (reason, dueAt, nextRetryAt) => {
    const uuid = await seedBatch(api.db, api.workspace, { recipients: 1 });
    await setWaits(uuid, `wait_reason = '${reason}', due_at = '${dueAt}', attempt_count = 1`);
    const recipientId = await firstRecipient(api, publicId('batch', uuid));
    const { body } = await send(api, 'getRecipient', { params: { recipientId } });
    const until = dueAt === 'infinity' ? null : '2030-01-01T00:00:00.000Z';
    expect(body).toMatchObject({ status: 'PENDING', attempts: 1, nextRetryAt, waitingFor: { reason, until } });
    expect(body.waitingFor.message).toMatch(/^[A-Z].*[a-z ]{10}.*\.$/);
  });

  it('is told of a recipient that waits and must not be called', async () => {
    const uuid = await seedBatch(api.db, api.workspace, { status: 'PAUSED', phones: ['+12025557002'] });
    const { workspaceId } = api.workspace;
    await api.db.prisma.suppression.create({ data: { workspaceId, phone: '+12025557002' } });
    const { body } = await send(api, 'listRecipients', { params: { batchId: publicId('batch', uuid) } });
    expect(body.data[0]).toMatchObject({ status: 'PENDING', waitingFor: { reason: 'SUPPRESSED', until: null } });
  });
});

describe('the events of a batch', () => {
  const events = async (batchId: string, query: Record<string, string> = {}) =>
    (await send(api, 'listBatchEvents', { params: { batchId }, query })).body;

  it('are listed newest first, page by page, with who did it and what was refused', async () => {
    const batchId = await seeded(api, { status: 'RUNNING', recipients: 1 });
    for (const action of ['pauseBatch', 'resumeBatch', 'resumeBatch'])
      await send(api, action, { params: { batchId }, key: api.keys.operator });
    const first = await events(batchId, { limit: '2' });
    const second = await events(batchId, { limit: '2', cursor: first.nextCursor });
    expect(
      [...first.data, ...second.data].map(({ action, applied }: { action: string; applied: boolean }) => [
        action,
        applied,
      ]),
    ).toEqual([
      ['resume', false],
      ['resume', true],
      ['pause', true],
    ]);
    expect([first.data[0].actor, second.nextCursor]).toEqual([expect.stringMatching(/^key_[0-9a-f]{32}$/), null]);
  });

  it('say what to do when a circuit breaker has opened', async () => {
    const uuid = await seedBatch(api.db, api.workspace);
    await changeBatch(api.db.pool, {
      workspaceId: api.workspace.workspaceId,
      batchId: uuid,
      action: 'pause',
      from: ['RUNNING'],
      actor: 'dialwright',
      commandId: null,
      patch: { breaker: { breaker: 'failureShare', share: 0.92, sampleSize: 50 }, statusReason: 'Paused by itself.' },
    });
    const [event] = (await events(publicId('batch', uuid))).data;
    expect(event).toMatchObject({
      action: 'circuit breaker opened',
      actor: 'dialwright',
      detail: { breaker: 'failureShare', share: 0.92, sampleSize: 50 },
      advice: expect.stringContaining('resume'),
    });
  });

  it('hold nothing of a person', async () => {
    const recipients = [{ phoneNumber: '+12025557003', name: 'Zoë Zebra', variables: { city: 'Łódź' } }];
    const batchId = await draft(api, { recipients });
    const removed = await firstRecipient(api, batchId);
    await send(api, 'addRecipients', { params: { batchId }, json: { recipients } });
    await send(api, 'removeRecipient', { params: { batchId, recipientId: removed } });
    await send(api, 'submitBatch', { params: { batchId } });
    await send(api, 'cancelBatch', { params: { batchId }, json: { hangUp: true } });
    const { data } = await events(batchId);
    expect(data.map(({ action }: { action: string }) => action)).toEqual([
      'cancel',
      'submit',
      'remove recipients',
      'add recipients',
      'create',
    ]);
    expect(JSON.stringify(data)).not.toMatch(/2025557003|Zebra|Łódź/);
  });
});

it('a test call is not listed among the batches, and makes no name taken', async () => {
  const uuid = await seedBatch(api.db, api.workspace);
  await api.db.prisma.batch.update({ where: { id: uuid }, data: { kind: 'TEST', name: 'Only once' } });
  const made = await draft(api, { name: 'Only once' });
  const { body } = await send(api, 'listBatches', { query: { search: 'Only once' } });
  expect(body.data.map(({ id, warnings }: { id: string; warnings: unknown[] }) => [id, warnings])).toEqual([
    [made, []],
  ]);
});

/** As if the process had died between the commit and the storing of the answer. */
async function loseAnswer(key: string): Promise<void> {
  await api.db.pool.query(
    `UPDATE idempotency_keys SET status = NULL, response = NULL, locked_at = dialwright_now() - interval '61 s' WHERE key = $1`,
    [key],
  );
}
