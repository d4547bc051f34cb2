import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { publicId } from '../../domain/ids.js';
import { addFigures } from '../../store/figures/add-figures.js';
import { seedBatch } from '../support/seed.js';
import { makeCalls } from './support/calls.js';
import { send, startTestApi, type TestApi } from './support/test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

type Point = { at: string; sent: number; pickedUp: number; live: number; outcomes: Record<string, number> };

async function series(batchId: string, query: Record<string, string>): Promise<{ points: Point[]; bucket: string }> {
  const { status, body } = await send(api, 'getBatchSeries', { params: { batchId }, query });
  expect(status).toBe(200);
  return body;
}

describe('the series of a batch', () => {
  it('counts a call where it began and its end where it ended, so that live calls are known at each moment', async () => {
    const batchId = await makeCalls(api, [
      // Before the span: live when it begins.
      { at: '2026-03-10T08:50:00Z', endsAt: '2026-03-10T09:20:00Z', outcome: 'ANSWERED', talkMs: 1_800_000 },
      { at: '2026-03-10T09:01:00Z', endsAt: '2026-03-10T09:02:00Z', outcome: 'BUSY' },
      { at: '2026-03-10T09:14:59Z', endsAt: '2026-03-10T09:16:00Z', outcome: 'ANSWERED', talkMs: 60_000 },
      { at: '2026-03-10T09:31:00Z', spends: false, accepted: false },
      { at: '2026-03-10T09:32:00Z' },
    ]);
    const span = { from: '2026-03-10T09:00:00Z', until: '2026-03-10T10:00:00Z' };
    const { points } = await series(batchId, { ...span, bucket: 'quarter' });
    expect(points.map(({ at, sent, pickedUp, live }) => [at.slice(11, 16), sent, pickedUp, live])).toEqual([
      ['09:00', 2, 1, 2],
      ['09:15', 0, 0, 0],
      ['09:30', 1, 0, 1],
      ['09:45', 0, 0, 1],
    ]);
    expect(points[0]).toMatchObject({
      successful: 1,
      talkMs: 60_000,
      outcomes: { ANSWERED: 1, BUSY: 1, VOICEMAIL: 0 },
    });
    expect(points[2]).toMatchObject({ refusals: 1 });
  });

  it('has days of its zone, also of 23 and 25 hours, and says the same before and after its figures were added', async () => {
    const batchId = await makeCalls(api, [
      { at: '2026-03-28T22:59:00Z', endsAt: '2026-03-28T23:00:00Z', outcome: 'BUSY' },
      { at: '2026-03-28T23:00:00Z', endsAt: '2026-03-28T23:01:00Z', outcome: 'BUSY' },
      { at: '2026-03-29T21:59:00Z', endsAt: '2026-03-29T22:00:00Z', outcome: 'BUSY' },
      { at: '2026-03-29T22:00:00Z', endsAt: '2026-03-29T22:01:00Z', outcome: 'BUSY' },
    ]);
    const span = { from: '2026-03-28T12:00:00Z', until: '2026-03-30T12:00:00Z', bucket: 'day' };
    const days = [
      ['2026-03-27T23:00:00.000Z', 1],
      ['2026-03-28T23:00:00.000Z', 2],
      ['2026-03-29T22:00:00.000Z', 1],
    ];
    const before = await series(batchId, span);
    expect(before.points.map(({ at, sent }) => [at, sent])).toEqual(days);
    await addFigures(api.db.pool);
    expect(await series(batchId, span)).toEqual(before);
    const { points } = await series(batchId, { ...span, timeZone: 'UTC' });
    expect(points.map(({ sent }) => sent)).toEqual([2, 2, 0]);
  });

  it('takes the finest bucket that a chart has place for', async () => {
    const batchId = await makeCalls(api, [
      { at: '2026-03-10T09:01:00Z', endsAt: '2026-03-10T09:02:00Z', outcome: 'BUSY' },
    ]);
    const from = '2026-03-10T00:00:00Z';
    const bucketUntil = async (until: string) => (await series(batchId, { from, until })).bucket;
    expect(await bucketUntil('2026-03-11T00:00:00Z')).toBe('quarter');
    expect(await bucketUntil('2026-03-14T00:00:00Z')).toBe('hour');
    expect(await bucketUntil('2026-06-14T00:00:00Z')).toBe('day');
  });

  it.each([
    [{ from: '2026-03-10T00:00:00Z', until: '2026-03-10T00:00:00Z' }, 'until'],
    [{ from: '2026-03-10T00:00:00Z', until: '2026-05-10T00:00:00Z', bucket: 'quarter' }, 'bucket'],
    [{ from: '1926-03-10T00:00:00Z', until: '2026-05-10T00:00:00Z' }, 'bucket'],
    [{ timeZone: 'EST' }, 'timeZone'],
  ])('is refused for %j, with what to do', async (query, field) => {
    const batchId = await makeCalls(api, [{ at: '2026-03-10T09:01:00Z' }]);
    const { status, problem } = await send(api, 'getBatchSeries', { params: { batchId }, query });
    expect(status).toBe(422);
    expect(problem.errors?.map((error) => error.field)).toEqual([field]);
  });

  it('begins with the batch and ends now, when nothing else is asked for', async () => {
    const batchId = publicId('batch', await seedBatch(api.db, api.workspace));
    const { points } = await series(batchId, {});
    expect(points).toHaveLength(1);
  });
});

it('the series of the workspace has the calls of all its batches, and of no other workspace', async () => {
  const at = '2025-01-01T09:01:00Z';
  await makeCalls(api, [{ at, endsAt: at, outcome: 'BUSY' }]);
  await addFigures(api.db.pool);
  await makeCalls(api, [{ at, endsAt: at, outcome: 'VOICEMAIL' }]);
  const query = { from: '2025-01-01T00:00:00Z', until: '2025-01-01T12:00:00Z' };
  const sentOf = async (key?: string) => {
    const { body } = await send(api, 'getSeries', { query, ...(key && { key }) });
    return (body.points as Point[]).reduce((sum, { sent }) => sum + sent, 0);
  };
  expect(await sentOf()).toBe(2);
  expect(await sentOf(api.other.keys.viewer)).toBe(0);
});
