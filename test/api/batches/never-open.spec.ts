import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createBatchActivities } from '../../../activities/batch-activities.js';
import { createLaneEpochs } from '../../../activities/lane-epochs.js';
import { parsePublicId } from '../../../domain/ids.js';
import { uuidOf } from '../support/batch-rows.js';
import { recipientsOf } from '../support/imports.js';
import { batchBody } from '../support/requests.js';
import { send, startTestApi, type TestApi } from '../support/test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

const ALL_DAY = Object.fromEntries(
  ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'].map((day) => [
    day,
    [['00:00', '24:00']],
  ]),
);
/** All zones of Russia have no hour between 09:00 and 17:00 in common. */
const RUSSIA = { phoneNumber: '+79161234567', name: 'Anna' };
const MADRID = { phoneNumber: '+34911234567' };
/** Its country is unknown. */
const NOWHERE = { phoneNumber: '12345678', ignoreE164Validation: true };

const OFFICE = Object.fromEntries(Object.keys(ALL_DAY).map((day) => [day, [['09:00', '17:00']]]));

async function submitted(recipients: unknown[], overrides: Record<string, unknown> = {}) {
  const json = batchBody(api, { hoursIn: 'recipient', window: OFFICE, recipients, submit: true, ...overrides });
  const { status, body } = await send(api, 'createBatch', { json });
  expect(status).toBe(201);
  return body;
}
/** As the run does when the batch has reached its start, and again when its calls have ended. */
async function look(batchId: string): Promise<string> {
  const settings = { dialBudgetMs: 250 };
  const { decideNext } = createBatchActivities({
    db: api.db,
    laneEpochs: createLaneEpochs(),
    settings,
    noteStatus: () => {},
  });
  const input = { batchId: uuidOf(batchId), workspaceId: api.workspace.workspaceId };
  const { reason } = (await new MockActivityEnvironment().run(decideNext, input)) as { reason: string };
  return reason;
}
const endCalls = (batchId: string) =>
  api.db.pool.query(
    `UPDATE recipient_states SET state = 'COMPLETED' WHERE batch_id = $1 AND zone_set ~ 'Madrid|^$' AND state = 'WAITING'`,
    [uuidOf(batchId)],
  );
const shown = async (batchId: string) =>
  (await recipientsOf(api, batchId)).map(
    ({
      status,
      lastError,
      waitingFor,
    }: {
      status: string;
      lastError: string;
      waitingFor: { reason: string } | null;
    }) => [status, waitingFor?.reason ?? lastError],
  );
const change = (recipientId: string, json: unknown) => send(api, 'updateRecipient', { params: { recipientId }, json });

it('a recipient’s variables cannot grow without end, however often they are changed', async () => {
  const { body: draft } = await send(api, 'createBatch', { json: batchBody(api, { recipients: [MADRID] }) });
  const { body: page } = await send(api, 'listRecipients', { params: { batchId: draft.id as string } });
  const [{ id }] = page.data as [{ id: string }];
  const part = 'x'.repeat(10_000);
  for (const name of 'abcdef') expect((await change(id, { variables: { [name]: part } })).status).toBe(200);
  const { status, problem } = await change(id, { variables: { g: part } });
  expect([status, problem.code, problem.errors[0]?.field]).toEqual([422, 'validation_failed', 'variables']);
  expect((await change(id, { variables: { a: null, g: part } })).status).toBe(200);
});

describe('recipients whom no call may ever reach', () => {
  it('are warned about by preflight, create and submit, each counted', async () => {
    const json = batchBody(api, { hoursIn: 'recipient', window: OFFICE, recipients: [RUSSIA, NOWHERE, MADRID] });
    const { body: draft } = await send(api, 'createBatch', { json });
    const params = { batchId: draft.id as string };
    const { body: foreseen } = await send(api, 'preflightBatch', { params, json: {} });
    expect(foreseen.blocked).toMatchObject({ zoneUnknown: 1, neverOpen: 1, notInTime: 0 });
    expect(foreseen.warnings).toEqual([
      { code: 'never_open', message: expect.stringContaining('2 recipients can never') },
    ]);
    const { body: submitted } = await send(api, 'submitBatch', { params });
    expect(submitted.warnings).toEqual(foreseen.warnings);
    expect((await send(api, 'getBatch', { params })).body.warnings).toEqual(foreseen.warnings);
  });

  it('are those whose lawful hours never meet the window, too', async () => {
    const NIGHT = Object.fromEntries(Object.keys(ALL_DAY).map((day) => [day, [['02:00', '04:00']]]));
    const recipients = [{ phoneNumber: '+12125550123' }];
    const lawful = { hoursIn: 'recipient', purpose: 'telemarketing', window: NIGHT, recipients };
    const { body: draft } = await send(api, 'createBatch', { json: batchBody(api, lawful) });
    const { body } = await send(api, 'preflightBatch', { params: { batchId: draft.id as string }, json: {} });
    expect(body).toMatchObject({ blocked: { neverOpen: 1 }, warnings: [{ code: 'never_open' }] });
  });

  it('are not counted by preflight when their hours only open later than the days asked for', async () => {
    const soon = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10);
    const dates = [0, 1, 2].map((days) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10));
    const json = batchBody(api, { window: ALL_DAY, blackoutDates: [...dates, soon], recipients: [MADRID] });
    const { body: draft } = await send(api, 'createBatch', { json });
    const { body } = await send(api, 'preflightBatch', { params: { batchId: draft.id }, json: { days: 1 } });
    expect(body).toMatchObject({ blocked: { neverOpen: 0, notInTime: 1 }, warnings: [] });
  });

  it('are shown so at once, with what to do and without a time', async () => {
    const { id } = await submitted([RUSSIA, NOWHERE, MADRID]);
    const [russia, nowhere] = await recipientsOf(api, id);
    for (const { waitingFor } of [russia, nowhere])
      expect(waitingFor).toMatchObject({
        reason: 'NEVER_OPEN',
        until: null,
        message: expect.stringContaining('Give the recipient a time zone, or change the hours'),
      });
  });

  it('are settled when all others are, so that the batch completes; a retry with new hours calls them', async () => {
    const { id } = await submitted([RUSSIA, NOWHERE, MADRID]);
    await look(id);
    expect((await shown(id)).slice(0, 2)).toEqual([
      ['PENDING', 'NEVER_OPEN'],
      ['PENDING', 'NEVER_OPEN'],
    ]);
    await endCalls(id);
    expect(await look(id)).toBe('SETTLED');
    expect(await shown(id)).toEqual([
      ['FAILED', 'NEVER_OPEN'],
      ['FAILED', 'NEVER_OPEN'],
      ['COMPLETED', null],
    ]);
    await api.db.pool.query(`UPDATE batches SET status = 'COMPLETED' WHERE id = $1`, [uuidOf(id)]);

    const wrong = await send(api, 'retryBatch', {
      params: { batchId: id },
      json: { window: { monday: [['9', '17:00']] } },
    });
    expect([wrong.status, wrong.problem.code]).toEqual([422, 'validation_failed']);
    const { body } = await send(api, 'retryBatch', { params: { batchId: id }, json: { window: ALL_DAY } });
    expect(body).toMatchObject({ status: 'PENDING', warnings: [{ code: 'never_open' }] });
    expect((await send(api, 'getBatch', { params: { batchId: id } })).body.window).toEqual(ALL_DAY);
    const reason = await look(id);
    expect(['READY', 'NOT_DUE', 'OUTSIDE_HOURS']).toContain(reason);
    expect((await shown(id))[0]).toEqual(['QUEUED', 'READY']);
  });

  it('are called once a person gives them a zone', async () => {
    const { id } = await submitted([NOWHERE, MADRID], { window: ALL_DAY });
    const [nowhere] = await recipientsOf(api, id);
    const { status, body } = await change(nowhere.id, { timeZone: 'europe/madrid' });
    expect(status).toBe(200);
    expect(body.zones).toMatchObject({ names: ['Europe/Madrid'], confidence: 'recipient' });
    expect(body.variables.timezone).toBe('Europe/Madrid');
    await look(id);
    expect((await shown(id))[0]).toEqual(['QUEUED', 'READY']);
  });

  it('settles nobody while hours are changed to such that open', async () => {
    const { id } = await submitted([RUSSIA, MADRID]);
    await look(id);
    await endCalls(id);
    await send(api, 'updateBatch', { params: { batchId: id }, json: { window: ALL_DAY } });
    expect(await look(id)).toBe('READY');
    expect((await shown(id))[0]).toEqual(['QUEUED', 'READY']);
  });
});

describe('PATCH /v1/recipients/{recipientId}', () => {
  it('changes what is given and nothing else, and records by whom, without what was given', async () => {
    const person = { ...MADRID, name: 'Eva', timeZone: 'Europe/Madrid', variables: { city: 'Madrid', plan: 'old' } };
    const { id } = await submitted([person], { window: ALL_DAY });
    const [before] = await recipientsOf(api, id);
    const { body } = await change(before.id, {
      variables: { plan: null, street: 'Gran Vía' },
      notBefore: '2026-01-01T00:00:00Z',
      notAfter: '2036-01-01T00:00:00+01:00',
    });
    expect(body).toMatchObject({
      variables: { city: 'Madrid', street: 'Gran Vía', name: 'Eva', timezone: 'Europe/Madrid' },
      notBefore: '2026-01-01T00:00:00.000Z',
      notAfter: '2035-12-31T23:00:00.000Z',
      zones: before.zones,
    });
    expect(body.variables.plan).toBeUndefined();
    const cleared = await change(before.id, { timeZone: null, notAfter: null });
    expect(cleared.body).toMatchObject({ notAfter: null, zones: { confidence: 'country' } });
    expect(cleared.body.variables.timezone).toBeUndefined();
    const events = await send(api, 'listBatchEvents', { params: { batchId: id } });
    const edits = events.body.data.filter(({ action }: { action: string }) => action === 'edit recipient');
    expect(edits).toHaveLength(2);
    expect(JSON.stringify(edits)).not.toMatch(/Gran|Madrid/);
  });

  it('refuses what cannot be, and changes nothing', async () => {
    const { id } = await submitted([MADRID], { hoursIn: 'batch', window: ALL_DAY });
    const [{ id: recipientId }] = await recipientsOf(api, id);
    for (const [json, field] of [
      [{}, undefined],
      [{ timeZone: 'Europe/Paris' }, 'timeZone'],
      [{ notBefore: '2030-01-02T00:00:00Z', notAfter: '2030-01-01T00:00:00Z' }, 'notAfter'],
      [{ notBefore: 'tomorrow' }, 'notBefore'],
      [{ variables: { a: 'x\u0000' } }, 'variables.a'],
      [{ variables: { a: 1 } }, 'variables.a'],
      [{ phoneNumber: '+12025550111' }, undefined],
    ] as const) {
      const { status, problem } = await change(recipientId, json);
      expect([json, status]).toEqual([json, 422]);
      if (field !== undefined) expect(problem.errors.map((error) => error.field)).toContain(field);
    }
    const { rows } = await api.db.pool.query('SELECT variables FROM recipients WHERE id = $1', [
      parsePublicId('recipient', recipientId),
    ]);
    expect(rows).toEqual([{ variables: {} }]);
  });

  it('leaves alone who does not wait, or whose batch is over', async () => {
    const { id } = await submitted([MADRID], { window: ALL_DAY });
    const [{ id: recipientId }] = await recipientsOf(api, id);
    await api.db.pool.query(`UPDATE recipient_states SET state = 'IN_PROGRESS' WHERE batch_id = $1`, [uuidOf(id)]);
    const called = await change(recipientId, { notAfter: null });
    expect([called.status, called.problem.code]).toEqual([409, 'recipient_not_waiting']);
    await send(api, 'cancelBatch', { params: { batchId: id } });
    const over = await change(recipientId, { notAfter: null });
    expect([over.status, over.problem.code]).toEqual([409, 'action_not_allowed']);
  });
});
