import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { parsePublicId, publicId } from '../../domain/ids.js';
import { listCalls } from '../../store/calls/list-calls.js';
import { readsOf } from '../store/support/count-reads.js';
import { makeCalls } from './support/calls.js';
import { send, startTestApi, type Sent, type TestApi } from './support/test-api.js';

let api: TestApi;
let batchId: string;
let otherBatchId: string;
beforeAll(async () => {
  api = await startTestApi();
  batchId = await makeCalls(api, [
    { at: at(1), endsAt: at(2), outcome: 'ANSWERED', talkMs: 9_000 },
    { at: at(3), endsAt: at(4), outcome: 'BUSY', endReason: '=HYPERLINK("x")' },
    // At the same microsecond.
    { at: at(3), endsAt: at(5), outcome: 'NO_ANSWER' },
    { at: at(6) },
  ]);
  otherBatchId = await makeCalls(api, [{ at: at(7), endsAt: at(8), outcome: 'BUSY' }]);
  await makeCalls({ db: api.db, workspace: api.other.workspace }, [{ at: at(7), endsAt: at(8), outcome: 'BUSY' }]);
});
afterAll(() => api.stop());

const at = (minute: number) => `2025-05-05T10:${String(minute).padStart(2, '0')}:00.000Z`;
type Query = NonNullable<Sent['query']>;
type Call = { id: string; outcome: string | null; state: string; dialingAt: string; batch: { id: string } };

async function list(query: Query = {}): Promise<{ data: Call[]; nextCursor: string | null }> {
  const { status, body } = await send(api, 'listCalls', { query });
  expect(status).toBe(200);
  return body;
}

async function listAll(query: Query): Promise<Call[]> {
  const calls: Call[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof list>> = await list({ ...query, ...(cursor !== null && { cursor }) });
    calls.push(...page.data);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return calls;
}

describe('calls', () => {
  it('are all of the workspace, the newest first, and none comes twice or is missing between pages', async () => {
    const whole = await listAll({});
    expect(whole.map(({ dialingAt }) => dialingAt)).toEqual([at(7), at(6), at(3), at(3), at(1)]);
    expect(await listAll({ limit: '1' })).toEqual(whole);
    expect(await listAll({ limit: '2' })).toEqual(whole);
  });

  it.each<[string, () => Query, string[]]>([
    ['a span', () => ({ from: at(3), until: at(7) }), [at(6), at(3), at(3)]],
    ['a batch', () => ({ batchId: otherBatchId }), [at(7)]],
    ['an outcome', () => ({ outcome: 'BUSY' }), [at(7), at(3)]],
    ['several outcomes', () => ({ outcome: ['ANSWERED', 'NO_ANSWER'] }), [at(3), at(1)]],
    ['a state', () => ({ state: 'IN_PROGRESS' }), [at(6)]],
    [
      'a number and an agent',
      () => ({ fromNumberId: numberId(), agentId: agentId() }),
      [at(7), at(6), at(3), at(3), at(1)],
    ],
    ['an agent of somebody else', () => ({ agentId: publicId('agent', api.other.workspace.agentId) }), []],
    ['a batch, an outcome and a span', () => ({ batchId, outcome: 'BUSY', from: at(2) }), [at(3)]],
  ])('are found by %s', async (_what, query, times) => {
    const { data, nextCursor } = await list(query());
    expect(data.map(({ dialingAt }) => dialingAt)).toEqual(times);
    expect(nextCursor).toBeNull();
  });

  it('that are rare are found on a later page, since a page looks at 10,000', async () => {
    const rare = await makeCalls(api, [
      { at: '2024-01-01T00:00:00Z', endsAt: '2024-01-01T00:01:00Z', outcome: 'DECLINED' },
    ]);
    await repeatCall(rare, 'BUSY');
    const query = { outcome: 'DECLINED', until: '2025-01-01T00:00:00Z' };
    const first = await list(query);
    expect([first.data, first.nextCursor]).toEqual([[], expect.any(String)]);
    const second = await list({ ...query, cursor: first.nextCursor! });
    expect([second.data.map(({ outcome }) => outcome), second.nextCursor]).toEqual([['DECLINED'], null]);
    const all = await listAll({ batchId: rare, outcome: 'BUSY', limit: '200' });
    expect(new Set(all.map(({ id }) => id)).size).toBe(10_050);
  });

  it('are read as far as a page needs, and no further, also where it wants one in six', async () => {
    const batch = await makeCalls(api, [
      { at: '2023-01-01T00:00:00Z', endsAt: '2023-01-01T00:01:00Z', outcome: 'DECLINED' },
    ]);
    await repeatCall(batch, 'BUSY');
    const id = parsePublicId('batch', batch)!;
    await api.db.pool.query(
      `UPDATE attempts SET outcome = 'NO_ANSWER' WHERE batch_id = $1 AND hashtext(id::text) % 6 <> 0`,
      [id],
    );
    await api.db.pool.query('ANALYZE attempts');
    const page = { after: null, limit: 50 };
    const reads = await readsOf(api.db.pool, async (tx) => {
      const { rows } = await listCalls(tx, api.workspace.workspaceId, { batchId: id, outcome: ['BUSY'] }, page);
      expect(rows).toHaveLength(50);
    });
    expect(reads).toBeLessThan(2_000);
  });

  it('are downloaded as the list has them, as CSV that no spreadsheet takes for a formula and as lines of JSON', async () => {
    const query = { from: '2025-01-01T00:00:00Z' };
    const whole = await listAll(query);
    const { body: lines } = await send(api, 'exportCallLines', { query });
    expect(
      String(lines)
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(whole);
    const { body: csv } = await send(api, 'exportCalls', { query });
    const rows: Record<string, string>[] = parse(String(csv), { columns: true, bom: true });
    expect(rows.map((row) => row['id'])).toEqual(whole.map(({ id }) => id));
    expect(rows.map((row) => row['end_reason'])).toContain(`'=HYPERLINK("x")`);
  });

  it('have their result in its normal form, what the provider told, and a timeline', async () => {
    const { data } = await list({ outcome: 'ANSWERED' });
    const { id } = data[0]!;
    await api.db.pool.query(
      `INSERT INTO call_events (workspace_id, provider_account_id, event_key, attempt_id, kind, provider_call_id, occurred_at, outcome, details)
       VALUES ($1, $2, 'one', $3, 'ENDED', 'call-1', $4, 'ANSWERED', $5)`,
      [
        api.workspace.workspaceId,
        api.workspace.providerAccountId,
        parsePublicId('attempt', id),
        at(2),
        { transcript: [{ speaker: 'agent', text: 'Hello' }] },
      ],
    );
    const { status, body } = await send(api, 'getCall', { params: { callId: id } });
    expect(status).toBe(200);
    expect(body).toMatchObject({ ...data[0], durationMs: 9_000 });
    expect(body.events).toHaveLength(1);
    expect(body.timeline.map(({ what }: { what: string }) => what)).toEqual([
      'claimed',
      'accepted by the provider',
      'ended',
    ]);
  });
});

/** The one call of the batch again, 10,050 times, a second after the other. */
async function repeatCall(batch: string, outcome: string): Promise<void> {
  await api.db.pool.query(
    `INSERT INTO attempts (workspace_id, batch_id, recipient_id, provider_account_id, from_number_id, phone, phone_key, number, generation,
       state, outcome, claim_key, dial_token, slot_held, dialing_at, dial_deadline, hard_end_at)
     SELECT workspace_id, batch_id, recipient_id, provider_account_id, from_number_id, phone, gen_random_uuid()::text, number, generation,
       state, $2, gen_random_uuid(), dial_token, false, dialing_at + n * interval '1 second', dial_deadline, hard_end_at
     FROM attempts, generate_series(1, 10050) n WHERE batch_id = $1`,
    [parsePublicId('batch', batch), outcome],
  );
}

const numberId = () => publicId('phoneNumber', api.workspace.fromNumberId);
const agentId = () => publicId('agent', api.workspace.agentId);
