import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { publicId } from '../../../domain/ids.js';
import { carrierAccount } from '../support/requests.js';
import { send, startTestApi, type TestApi } from '../support/test-api.js';
import {
  AGENTS,
  agentsOf,
  NUMBERS,
  numbersOf,
  resetCarrier,
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

describe('a sync', () => {
  it('brings in agents and numbers with the agent that is bound to them, and changes nothing when it is repeated', async () => {
    const id = await carrierAccount(api);
    const unchanged = { added: 0, updated: 0, disabled: 0 };
    expect((await sync(api, id)).body).toEqual({
      agents: { ...unchanged, added: 2 },
      phoneNumbers: { ...unchanged, added: 1, skipped: 0 },
    });
    const agents = await agentsOf(api, id);
    expect(agents.map(({ providerAgentId, name }) => ({ id: providerAgentId, name }))).toEqual(AGENTS);
    const numbers = await numbersOf(api, id);
    expect(numbers).toEqual([
      expect.objectContaining({
        phone: '+12025550100',
        label: 'Main line',
        outbound: true,
        outboundAgentId: agents[0]!.id,
      }),
    ]);
    expect((await sync(api, id)).body).toEqual({ agents: unchanged, phoneNumbers: { ...unchanged, skipped: 0 } });
    expect([await agentsOf(api, id), await numbersOf(api, id)]).toEqual([agents, numbers]);
  });

  it('follows a new name, and counts it', async () => {
    const { accountId, batchId } = await usedAccount(api);
    api.carrier.configure({
      agents: [{ id: AGENTS[0]!.id, name: `Renamed\0 ${'x'.repeat(150)}` }, AGENTS[1]!],
      fromNumbers: [{ ...NUMBERS[0]!, label: 'New line' }],
    });
    const { body } = await sync(api, accountId);
    expect([body.agents.updated, body.phoneNumbers.updated]).toEqual([1, 1]);
    expect((await agentsOf(api, accountId))[0]!.name).toBe(`Renamed ${'x'.repeat(92)}`);
    expect((await numbersOf(api, accountId))[0]!.label).toBe('New line');
    expect((await statusOf(api, batchId)).status).toBe('RUNNING');
  });

  it.each([
    ['agent', { agents: [AGENTS[1]!] }],
    ['from-number', { fromNumbers: [] }],
  ])(
    'disables an %s that is gone and pauses the batches that use it, and does not enable it again',
    async (what, left) => {
      const { accountId, batchId } = await usedAccount(api);
      api.carrier.configure(left);
      const { body } = await sync(api, accountId);
      expect(body.agents.disabled + body.phoneNumbers.disabled).toBe(1);
      expect(await statusOf(api, batchId)).toEqual({
        status: 'PAUSED',
        statusReason: expect.stringContaining(`no longer has its ${what}`),
      });
      const rows = async () => [...(await agentsOf(api, accountId)), ...(await numbersOf(api, accountId))];
      expect((await rows()).filter(({ disabledAt }) => disabledAt !== null)).toHaveLength(1);
      api.carrier.configure({ agents: AGENTS, fromNumbers: NUMBERS });
      await sync(api, accountId);
      expect((await rows()).filter(({ disabledAt }) => disabledAt !== null)).toHaveLength(1);
      expect((await rows()).length).toBe(3);
    },
  );

  it('leaves what it cannot know: a label and an agent of our own, and whatever a full list may have left out', async () => {
    const { accountId } = await usedAccount(api);
    const [first, second] = await agentsOf(api, accountId);
    const [number] = await numbersOf(api, accountId);
    const params = { phoneNumberId: publicId('phoneNumber', number!.id) };
    await send(api, 'updatePhoneNumber', {
      params,
      json: { label: 'Ours', outboundAgentId: publicId('agent', second!.id) },
    });
    api.carrier.configure({
      agents: Array.from({ length: 1_000 }, (_, index) => ({ id: `other-${index}`, name: 'Other' })),
      fromNumbers: [
        { ...NUMBERS[0]!, label: null },
        { phone: '100', label: null, outboundAgentId: null },
      ],
    });
    const { body } = await sync(api, accountId);
    expect(body).toMatchObject({ agents: { added: 1_000, disabled: 0 }, phoneNumbers: { updated: 0, skipped: 1 } });
    expect(await numbersOf(api, accountId)).toEqual([
      expect.objectContaining({ label: 'Ours', outboundAgentId: second!.id, disabledAt: null }),
    ]);
    await send(api, 'updatePhoneNumber', { params, json: { outboundAgentId: null } });
    await sync(api, accountId);
    expect((await numbersOf(api, accountId))[0]!.outboundAgentId).toBe(first!.id);
  });

  it('with a wrong key, or of a provider that is down or answers nonsense, changes nothing and says why', async () => {
    const { accountId, batchId } = await usedAccount(api);
    const before = [await agentsOf(api, accountId), await numbersOf(api, accountId)];
    const halfDown = await startHalfDown();
    api.carrier.configure({ apiKey: 'another-key', agents: [], fromNumbers: [] });
    const refused = await sync(api, accountId);
    await api.db.prisma.providerAccount.update({ where: { id: uuidOf(accountId) }, data: { baseUrl: halfDown.url } });
    const nonsense = await sync(api, accountId);
    halfDown.stop();
    const down = await sync(api, accountId);
    for (const { status, problem } of [refused, nonsense, down]) {
      expect([status, problem.code, problem.retryable]).toEqual([424, 'provider_unreachable', true]);
      expect(problem.detail).toContain('Nothing was changed');
    }
    expect([refused.problem.detail, nonsense.problem.detail]).toEqual([
      expect.stringContaining('answered 401'),
      expect.stringContaining('did not list its numbers'),
    ]);
    expect([await agentsOf(api, accountId), await numbersOf(api, accountId)]).toEqual(before);
    expect((await statusOf(api, batchId)).status).toBe('RUNNING');
  });

  it('that cannot be written whole is not written at all', async () => {
    const id = await carrierAccount(api);
    await api.db.pool.query(
      `ALTER TABLE phone_numbers ADD CONSTRAINT refuses_one CHECK (label IS DISTINCT FROM 'Refused') NOT VALID`,
    );
    api.carrier.configure({ fromNumbers: [{ ...NUMBERS[0]!, label: 'Refused' }] });
    expect((await sync(api, id)).status).toBe(500);
    expect([await agentsOf(api, id), await numbersOf(api, id)]).toEqual([[], []]);
  });

  it('uses credentials that were changed a moment ago', async () => {
    const id = await carrierAccount(api);
    expect((await sync(api, id)).status).toBe(200);
    api.carrier.configure({ apiKey: 'another-api-key' });
    expect((await sync(api, id)).status).toBe(424);
    await update(api, id, { credentials: { apiKey: 'another-api-key' } });
    expect((await sync(api, id)).status).toBe(200);
  });
});

/** A provider that lists no agents and answers anything else with nonsense. */
async function startHalfDown(): Promise<{ url: string; stop(): void }> {
  const server = http.createServer((req, res) => res.end(req.url?.endsWith('/agents') ? '{"agents":[]}' : 'nonsense'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
