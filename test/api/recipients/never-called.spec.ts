import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { publicId } from '../../../domain/ids.js';
import { giveVerdict } from '../../../store/attempts/give-verdict.js';
import { noteAbsent } from '../../../store/attempts/settle-attempts.js';
import { deferCall, doubtCall, refuseCall, releaseCall } from '../../../store/calls/answer-call.js';
import { recordFacts } from '../../../store/facts/record-facts.js';
import { fact, started } from '../../store/support/facts.js';
import { acceptCall, claimOne, seedBatch } from '../../support/seed.js';
import { firstRecipient } from '../support/requests.js';
import { send, startTestApi, type TestApi } from '../support/test-api.js';

let api: TestApi;
let uuid: string;
let batchId: string;
let recipientId: string;
let counter = 0;
beforeAll(async () => {
  api = await startTestApi();
});
beforeEach(async () => {
  // What the tests before have left live takes no slot and no share.
  await pool().query('UPDATE attempts SET slot_held = false; DELETE FROM lane_demand');
  uuid = await seedBatch(api.db, api.workspace, { phones: [`+1202555${String(3_000 + ++counter)}`] });
  batchId = publicId('batch', uuid);
  recipientId = await firstRecipient(api, batchId);
});
afterAll(() => api.stop());

type Call = Awaited<ReturnType<typeof claimOne>>;
type Step = (call: Call) => Promise<unknown>;

const pool = () => api.db.pool;
const tell: (facts: Parameters<typeof recordFacts>[2]) => Promise<unknown> = (facts) =>
  recordFacts(pool(), api.workspace.providerAccountId, facts);
const callIdOf = ({ id }: Call) => `call of ${id}`;
const doubt: Step = ({ id, dialToken }) => doubtCall(pool(), id, dialToken, 'no answer');
const absent: Step = ({ id }) => noteAbsent(pool(), id, 0, 0);
const verdict = (is: 'CALLED' | 'NOT_CALLED' | 'GIVE_UP') => async (call: Call) => {
  await doubt(call);
  const outcome = is === 'CALLED' ? 'BUSY' : null;
  const { workspaceId } = api.workspace;
  return giveVerdict(pool(), { workspaceId, attemptId: call.id, verdict: is, outcome, actor: 'test', commandId: null });
};
const release: Step = ({ claimKey, dialToken }) =>
  releaseCall(pool(), { workspaceId: api.workspace.workspaceId, claimKey, dialToken, why: 'budget' });
const defer: Step = async ({ id: attemptId, dialToken }) => {
  await deferCall(pool(), { attemptId, dialToken, deferral: 'capacity', endReason: '429', retryAfterMs: null });
  await pool().query('UPDATE phone_numbers SET backoff_ms = 0');
};
const notPlaced: Step = async (call) => {
  await doubt(call);
  for (const _ of [1, 2, 3]) await absent(call);
};
const deferredByEvent: Step = async (call) => {
  await acceptCall(pool(), call.id, callIdOf(call));
  await tell([fact(call.id, { callId: callIdOf(call), outcome: 'PROVIDER_ERROR', deferral: 'capacity' })]);
  await pool().query('UPDATE phone_numbers SET backoff_ms = 0');
};

/** Every way in which a try makes no call. */
const REFUSALS: [string, Step][] = [
  ['released before anything was sent', release],
  ['put off by an answer', defer],
  ['put off by an event', deferredByEvent],
  ['proven not placed', notPlaced],
  ['said by a person to be no call', verdict('NOT_CALLED')],
];
/** Every way in which a try is a call. */
const CALLS: [string, Step][] = [
  ['claimed', async () => {}],
  ['in doubt', doubt],
  ['accepted', (call) => acceptCall(pool(), call.id, callIdOf(call))],
  ['ended', (call) => tell([fact(call.id, { callId: callIdOf(call) })])],
  ['said by a person to be a call', verdict('CALLED')],
  ['given up', verdict('GIVE_UP')],
  [
    'refused for its number',
    ({ id: attemptId, dialToken }) =>
      refuseCall(pool(), { attemptId, dialToken, outcome: 'INVALID_NUMBER', endReason: '422' }),
  ],
];
/** What shows that there was a call after all. */
const EVIDENCE: [string, Step][] = [
  ['a late answer', (call) => acceptCall(pool(), call.id, callIdOf(call))],
  ['its start', (call) => tell([{ ...started(call.id), callId: callIdOf(call) }])],
  ['its end', (call) => tell([fact(call.id, { callId: callIdOf(call), outcome: 'BUSY' })])],
];

async function shown() {
  const { body } = await send(api, 'getRecipient', { params: { recipientId } });
  return [body.attemptCount, body.refusals];
}

/** Wherever they are shown. */
async function shownEverywhere() {
  const params = { batchId };
  const [listed] = (await send(api, 'listRecipients', { params })).body.data;
  const [found] = (await send(api, 'searchRecipients', { params, json: { text: '+1202' } })).body.data;
  const [row] = parse((await send(api, 'getResults', { params })).body, { columns: true, bom: true }) as Record<
    string,
    string
  >[];
  return [
    await shown(),
    [listed.attemptCount, listed.refusals],
    [found.attemptCount, found.refusals],
    [Number(row?.['dialwright_attempts']), Number(row?.['dialwright_refusals'])],
  ];
}

describe('who was never called', () => {
  it.each(REFUSALS)('has no attempt, but a refusal, after a try that was %s', async (_how, happen) => {
    await happen(await claimOne(api.db, api.workspace, uuid));
    expect(await shownEverywhere()).toEqual(Array(4).fill([0, 1]));
    const { attempts } = (await send(api, 'getCounters', { params: { batchId } })).body;
    expect(attempts).toMatchObject({ sent: 0, failed: 0, uncertain: 0, refusals: 1 });
  });

  it.each(CALLS)('is not one whose call was %s', async (_how, happen) => {
    await happen(await claimOne(api.db, api.workspace, uuid));
    expect(await shownEverywhere()).toEqual(Array(4).fill([1, 0]));
    expect((await send(api, 'getCounters', { params: { batchId } })).body.attempts.refusals).toBe(0);
  });

  it.each(
    REFUSALS.flatMap(([how, refuse]) =>
      EVIDENCE.map(([what, show]): [string, string, Step, Step] => [how, what, refuse, show]),
    ),
  )('has been called once a try that was %s is told by %s', async (how, what, refuse, show) => {
    const call = await claimOne(api.db, api.workspace, uuid);
    await refuse(call);
    await show(call);
    // An event that put it off came with the call's end: an answer or a start is no news after it.
    const isNews = how !== 'put off by an event' || what === 'its end';
    expect(await shown()).toEqual(isNews ? [1, 0] : [0, 1]);
  });

  it.each(REFUSALS)('is called by a retry after a cancel, when the try was %s', async (_how, happen) => {
    await happen(await claimOne(api.db, api.workspace, uuid));
    await send(api, 'cancelBatch', { params: { batchId } });
    expect((await send(api, 'retryBatch', { params: { batchId } })).status).toBe(200);
    const [row] = await api.db.prisma.recipientState.findMany({ where: { batchId: uuid } });
    expect(row).toMatchObject({ state: 'WAITING', generation: 2, attemptsSpent: 0 });
  });

  it.each(REFUSALS)('is deleted by a removal, when the try was %s', async (_how, happen) => {
    const call = await claimOne(api.db, api.workspace, uuid);
    await happen(call);
    const { body } = await send(api, 'removeRecipients', {
      params: { batchId },
      json: { recipientIds: [recipientId] },
    });
    expect(body).toEqual({ removed: 1, left: 0 });
    expect((await send(api, 'getRecipient', { params: { recipientId } })).status).toBe(404);
    expect((await send(api, 'listRecipients', { params: { batchId } })).body.data).toEqual([]);
    const [kept] = await api.db.prisma.recipient.findMany({ where: { batchId: uuid } });
    expect(kept).toMatchObject({ name: null, variables: {}, metadata: {}, importId: null });
  });

  it('leaves, when deleted, the attempt that a call turns out to belong to', async () => {
    const call = await claimOne(api.db, api.workspace, uuid);
    await release(call);
    await send(api, 'removeRecipients', { params: { batchId }, json: { recipientIds: [recipientId] } });
    await tell([{ ...started(call.id), callId: callIdOf(call) }]);
    const attempt = await api.db.prisma.attempt.findUniqueOrThrow({ where: { id: call.id } });
    expect(attempt).toMatchObject({ state: 'IN_PROGRESS', slotHeld: true });
  });

  it('keeps the record of calls when one of the tries was a call', async () => {
    await pool().query(
      `UPDATE batches SET max_attempts = 3, retry_policy = '{"outcomes": {"BUSY": {"attempts": 3, "delayMs": 0}}}' WHERE id = $1`,
      [uuid],
    );
    const first = await claimOne(api.db, api.workspace, uuid);
    await tell([fact(first.id, { callId: callIdOf(first), outcome: 'BUSY' })]);
    await pool().query(`UPDATE recipient_states SET due_at = '-infinity' WHERE batch_id = $1`, [uuid]);
    await release(await claimOne(api.db, api.workspace, uuid));
    expect(await shown()).toEqual([1, 1]);
    await send(api, 'removeRecipients', { params: { batchId }, json: { recipientIds: [recipientId] } });
    const { body } = await send(api, 'getRecipient', { params: { recipientId } });
    expect(body).toMatchObject({ status: 'CANCELLED', lastError: 'REMOVED', attemptCount: 1, refusals: 1 });
  });
});

it('counts calls over all retries of the batch', async () => {
  const first = await claimOne(api.db, api.workspace, uuid);
  await tell([fact(first.id, { callId: callIdOf(first), outcome: 'BUSY' })]);
  await pool().query(`UPDATE batches SET status = 'COMPLETED' WHERE id = $1`, [uuid]);
  await send(api, 'retryBatch', { params: { batchId } });
  expect(await shown()).toEqual([1, 0]);
});
