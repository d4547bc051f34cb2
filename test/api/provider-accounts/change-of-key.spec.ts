import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { parsePublicId } from '../../../domain/ids.js';
import { noteAbsent } from '../../../store/attempts/settle-attempts.js';
import { doubtCall } from '../../../store/calls/answer-call.js';
import { setAsideUnreadable } from '../../../store/settings/lost-credentials.js';
import { claimOne, readAttempt } from '../../support/seed.js';
import { testSecrets } from '../../support/secrets.js';
import { carrierAccount, webhook } from '../support/requests.js';
import { send, startTestApi, type TestApi } from '../support/test-api.js';
import {
  agentsOf,
  NUMBERS,
  numbersOf,
  resetCarrier,
  rowOf,
  statusOf,
  sync,
  update,
  usedAccount,
  uuidOf,
} from './accounts.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());
afterEach(() => resetCarrier(api));

/** An account with an UNCERTAIN attempt, whose provider takes another key from now on. */
async function doubtedAccount(): Promise<{ accountId: string; attemptId: string; batchId: string }> {
  const { accountId, batchId } = await usedAccount(api);
  const [agent] = await agentsOf(api, accountId);
  const [number] = await numbersOf(api, accountId);
  const call = await claimOne(
    api.db,
    {
      workspaceId: api.workspace.workspaceId,
      providerAccountId: uuidOf(accountId),
      agentId: agent!.id,
      fromNumberId: number!.id,
    },
    parsePublicId('batch', batchId) ?? '',
  );
  await doubtCall(api.db.pool, call.id, call.dialToken, 'timeout');
  await api.db.pool.query('UPDATE attempts SET slot_held = false WHERE id = $1', [call.id]); // so that the next test may call the same people
  api.carrier.configure({ apiKey: 'new-key' });
  return { accountId, attemptId: call.id, batchId };
}

describe('a new API key while the fate of a call is open', () => {
  it('is taken when the provider lists the same from-numbers with it', async () => {
    const { accountId } = await doubtedAccount();
    expect((await update(api, accountId, { credentials: { apiKey: 'new-key' } })).status).toBe(200);
    expect((await sync(api, accountId)).status).toBe(200);
  });

  it.each<[string, { phone: string; label: null; outboundAgentId: null }[]]>([
    ['others', [{ phone: '+12025550188', label: null, outboundAgentId: null }]],
    ['none', []],
    ['more', [...NUMBERS, { phone: '+12025550188', label: null, outboundAgentId: null }] as never],
  ])('is refused when the provider lists %s with it, and the error says what to do', async (_which, fromNumbers) => {
    const { accountId } = await doubtedAccount();
    api.carrier.configure({ fromNumbers });
    const before = await rowOf(api, accountId);
    const { status, problem } = await update(api, accountId, { credentials: { apiKey: 'new-key' }, name: 'Other' });
    expect([status, problem.code]).toEqual([409, 'provider_account_not_same']);
    expect(problem).toMatchObject({ openAttempts: 1, retryable: false });
    expect(problem.detail).toMatch(/1 attempts.*lists other from-numbers.*Nothing was changed.*forceKeyChange/);
    expect(await rowOf(api, accountId)).toEqual(before);
  });

  it('is refused when the provider does not take it', async () => {
    const { accountId } = await doubtedAccount();
    const { status, problem } = await update(api, accountId, { credentials: { apiKey: 'wrong-key' } });
    expect(status).toBe(409);
    expect(problem.detail).toContain('did not list its from-numbers with it (answered 401)');
  });

  it('is taken by force, and no absence is evidence any more', async () => {
    const { accountId, attemptId } = await doubtedAccount();
    await noteAbsent(api.db.pool, attemptId, 0, 0);
    api.carrier.configure({ fromNumbers: [] });
    const forced = { credentials: { apiKey: 'new-key' }, forceKeyChange: true };
    expect((await update(api, accountId, forced)).status).toBe(200);
    for (const _ of [1, 2, 3]) expect(await noteAbsent(api.db.pool, attemptId, 0, 0)).toBe('UNCERTAIN');
    expect((await readAttempt(api.db, attemptId)).absentCount).toBe(1);
  });

  it('is not forced by an operator, nor without a key', async () => {
    const { accountId } = await doubtedAccount();
    const params = { providerAccountId: accountId };
    const json = { credentials: { apiKey: 'new-key' }, forceKeyChange: true };
    const operator = await send(api, 'updateProviderAccount', { params, json, key: api.keys.operator });
    const without = await update(api, accountId, { forceKeyChange: true });
    expect([operator.status, without.status, without.problem.errors[0]?.field]).toEqual([403, 422, 'forceKeyChange']);
  });

  it('leaves everything else free to be changed', async () => {
    const { accountId } = await doubtedAccount();
    const patch = { credentials: { webhookSecret: 'other' }, settleDelayMs: 0, disabled: true };
    expect((await update(api, accountId, patch)).status).toBe(200);
  });
});

describe('an account whose credentials cannot be read', () => {
  it('shows it, pauses its batches with the reason, and works again once all were entered', async () => {
    const { accountId, batchId } = await usedAccount(api);
    const { credentials } = await rowOf(api, await carrierAccount(api));
    await api.db.prisma.providerAccount.update({ where: { id: uuidOf(accountId) }, data: { credentials } });
    await setAsideUnreadable(api.db, testSecrets, uuidOf(accountId));

    const params = { providerAccountId: accountId };
    expect((await send(api, 'getProviderAccount', { params })).body.needsCredentials).toBe(true);
    expect(await statusOf(api, batchId)).toEqual({
      status: 'PAUSED',
      statusReason: expect.stringContaining('credentials of its provider account cannot be read'),
    });
    const synced = await sync(api, accountId);
    expect([synced.status, synced.problem.code]).toEqual([409, 'credentials_needed']);
    await send(api, 'resumeBatch', { params: { batchId } });
    expect((await send(api, 'getWhy', { params: { batchId } })).body).toMatchObject({
      reason: 'CREDENTIALS_NEEDED',
    });

    const event = await send(api, 'receiveWebhook', { params, ...webhook() });
    expect([event.status, event.problem.code]).toEqual([409, 'credentials_needed']);

    const one = await update(api, accountId, { credentials: { apiKey: 'carrier-key' } });
    expect([one.status, one.problem.errors[0]?.field]).toEqual([422, 'credentials.webhookSecret']);
    const both = await update(api, accountId, { credentials: { apiKey: 'carrier-key', webhookSecret: null } });
    expect([both.status, both.body.needsCredentials]).toEqual([200, false]);
    expect((await sync(api, accountId)).status).toBe(200);
    expect((await send(api, 'getWhy', { params: { batchId } })).body.reason).not.toBe('CREDENTIALS_NEEDED');
  });
});
