import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { storedBatch } from '../support/batch-rows.js';
import { batchBody, draft, seeded } from '../support/requests.js';
import { send, startTestApi, type TestApi } from '../support/test-api.js';
import { DIALLING } from './dialling.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

describe('what a batch is dialled by', () => {
  const update = (batchId: string, json: unknown) => send(api, 'updateBatch', { params: { batchId }, json });

  it('is stored as it is sent with a new batch, and shown in the same form', async () => {
    const { body } = await send(api, 'createBatch', { json: batchBody(api, DIALLING) });
    expect(body).toMatchObject(DIALLING);
    expect(await storedBatch(api, body.id)).toMatchObject({
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
    expect((await storedBatch(api, body.id)).breakers).toEqual(body.circuitBreakers);
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
    expect((await storedBatch(api, batchId)).successCriterion).toBeNull();
  });

  it('is unchanged when what is shown is sent back', async () => {
    const batchId = await draft(api, DIALLING);
    const before = await storedBatch(api, batchId);
    const { limits, retryPolicy, successCriterion, circuitBreakers } = (
      await send(api, 'getBatch', { params: { batchId } })
    ).body;
    await update(batchId, { limits, retryPolicy, successCriterion, circuitBreakers });
    expect(await storedBatch(api, batchId)).toEqual({ ...before, version: before.version + 1 });
  });

  it.each([[{ limits: { concurrency: 1 } }], [{ name: 'Other' }]])(
    'is not changed from a version that is no longer the newest: %j',
    async (change) => {
      const batchId = await draft(api);
      const { version } = (await update(batchId, { limits: { concurrency: 5 }, version: 1 })).body;
      const { status, problem } = await update(batchId, { ...change, version: 1 });
      expect([status, problem.code, problem['version']]).toEqual([409, 'version_conflict', version]);
      expect((await storedBatch(api, batchId)).concurrencyLimit).toBe(5);
      expect((await update(batchId, { ...change, version })).status).toBe(200);
    },
  );
});
