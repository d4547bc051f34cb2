import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { parsePublicId } from '../../../domain/ids.js';
import { draft } from '../support/requests.js';
import { send, startTestApi, type TestApi } from '../support/test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

const STATES = ['COMPLETED', 'NO_ANSWER', 'FAILED', 'CANCELLED'];
const PHONES = Array.from({ length: 24 }, (_, index) => `+1202555${1200 + index}`);

it('sort=status: equal ones stand together, in order of arrival, and the pages are complete while nobody moves on', async () => {
  const batchId = await draft(api, { recipients: PHONES.map((phoneNumber) => ({ phoneNumber })) });
  for (const [index, state] of STATES.entries())
    await api.db.pool.query('UPDATE recipient_states SET state = $3 WHERE batch_id = $1 AND ordinal % 6 = $2', [
      parsePublicId('batch', batchId),
      index,
      state,
    ]);
  const rows: { status: string; phoneNumber: string }[] = [];
  let cursor: string | null = null;
  do {
    const query: Record<string, string> = { sort: 'status', limit: '5', ...(cursor !== null && { cursor }) };
    const { status, body } = await send(api, 'listRecipients', { params: { batchId }, query });
    expect(status).toBe(200);
    rows.push(...body.data);
    cursor = body.nextCursor;
  } while (cursor !== null);
  expect(rows.map(({ phoneNumber }) => phoneNumber).sort()).toEqual(PHONES);
  const runs = rows.filter(({ status }, index) => status !== rows[index - 1]?.status).map(({ status }) => status);
  expect(new Set(runs).size).toBe(runs.length);
  expect(runs).toHaveLength(STATES.length + 1);
  for (const run of runs) {
    const phones = rows.filter(({ status }) => status === run).map(({ phoneNumber }) => phoneNumber);
    expect(phones).toEqual([...phones].sort());
  }
});
