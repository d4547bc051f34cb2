import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { parsePublicId, publicId } from '../../domain/ids.js';
import { createSecretBox, UnreadableSecretError } from '../../platform/secret-box.js';
import { resealProviderAccounts } from '../../store/settings/provider-accounts.js';
import { readProviderAccount } from '../../store/settings/read-provider-account.js';
import { DEFAULT_SETTINGS } from '../../carrier/settings.js';
import { testSecrets, TEST_ENCRYPTION_KEY } from '../support/secrets.js';
import { seedBatch } from '../support/seed.js';
import { accountBody, carrierAccount, webhook } from './requests.js';
import { send, startTestApi, type TestApi } from './test-api.js';

const { agents: AGENTS, fromNumbers: NUMBERS } = DEFAULT_SETTINGS;
const API_KEY = 'rq8Zf2plainApiKey';
const SECRET = 'Vx7plainWebhookSecret';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());
afterEach(() => {
  api.carrier.configure({ apiKey: 'carrier-key', agents: AGENTS, fromNumbers: NUMBERS });
});

const uuidOf = (id: string): string => parsePublicId('providerAccount', id) ?? '';
const rowOf = (id: string) => api.db.prisma.providerAccount.findUniqueOrThrow({ where: { id: uuidOf(id) } });
const sync = (providerAccountId: string) => send(api, 'syncProviderAccount', { params: { providerAccountId } });
const update = (providerAccountId: string, json: Record<string, unknown>) =>
  send(api, 'updateProviderAccount', { params: { providerAccountId }, json });
const agentsOf = (id: string) =>
  api.db.prisma.agent.findMany({ where: { providerAccountId: uuidOf(id) }, orderBy: { providerAgentId: 'asc' } });
const numbersOf = (id: string) =>
  api.db.prisma.phoneNumber.findMany({
    where: { providerAccountId: uuidOf(id) },
    orderBy: { phone: 'asc' },
    omit: { backedOffUntil: true }, // -infinity, which is no date to compare
  });

/** An account that was synced, and a running batch that uses its first agent and number. */
async function usedAccount(): Promise<{ accountId: string; batchId: string }> {
  const accountId = await carrierAccount(api);
  await sync(accountId);
  const [agent] = await agentsOf(accountId);
  const [number] = await numbersOf(accountId);
  const { workspaceId } = api.workspace;
  const workspace = { workspaceId, providerAccountId: uuidOf(accountId), agentId: agent!.id, fromNumberId: number!.id };
  return { accountId, batchId: publicId('batch', await seedBatch(api.db, workspace)) };
}

async function statusOf(batchId: string): Promise<{ status: string; statusReason: string | null }> {
  const { body } = await send(api, 'getBatch', { params: { batchId } });
  return { status: body.status, statusReason: body.statusReason };
}

describe('the credentials of a provider account', () => {
  it('are stored encrypted, when they are made and when they are changed', async () => {
    const id = await carrierAccount(api, { apiKey: API_KEY, webhookSecret: SECRET });
    const made = await rowOf(id);
    await update(id, { apiKey: `${API_KEY}2`, webhookSecret: `${SECRET}2` });
    const changed = await rowOf(id);
    for (const row of [made, changed]) {
      expect(JSON.stringify(row)).not.toMatch(/plain/);
      expect([row.apiKey, row.webhookSecret]).toEqual([expect.stringMatching(/^v1:/), expect.stringMatching(/^v1:/)]);
    }
    expect(await readProviderAccount(api.db.pool, testSecrets, uuidOf(id))).toMatchObject({
      apiKey: `${API_KEY}2`,
      webhookSecret: `${SECRET}2`,
    });
  });

  it('are in no answer and in no stored answer', async () => {
    const json = accountBody(api, { apiKey: API_KEY, webhookSecret: SECRET });
    const headers = { 'idempotency-key': 'account-with-secrets' };
    const made = await send(api, 'createProviderAccount', { json, headers });
    const params = { providerAccountId: made.body.id };
    const answers = [
      made,
      await send(api, 'createProviderAccount', { json, headers }),
      await send(api, 'getProviderAccount', { params }),
      await send(api, 'listProviderAccounts', { query: { limit: '100' } }),
      await update(made.body.id, { apiKey: API_KEY }),
      await sync(made.body.id),
      await send(api, 'createProviderAccount', { json: { ...json, apiKey: `plain ${API_KEY}` } }),
      await send(api, 'receiveWebhook', { params, ...webhook('wrong') }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 200, 200, 200, 503, 422, 401]);
    expect(JSON.stringify(answers.map(({ body }) => body))).not.toMatch(/plain|v1:/);
    const { rows } = await api.db.pool.query('SELECT response FROM idempotency_keys');
    expect(JSON.stringify(rows)).not.toMatch(/plain|v1:/);
  });

  it('cannot be read when they were moved from another account or tampered with, and the API says no more than that it failed', async () => {
    const [mine, theirs] = [await carrierAccount(api), await carrierAccount(api)];
    const own = (await rowOf(mine)).apiKey;
    const tampered = own.replace(/^v1:./, (start) => (start === 'v1:A' ? 'v1:B' : 'v1:A'));
    for (const apiKey of [(await rowOf(theirs)).apiKey, tampered, 'carrier-key']) {
      await api.db.prisma.providerAccount.update({ where: { id: uuidOf(mine) }, data: { apiKey } });
      const read = readProviderAccount(api.db.pool, testSecrets, uuidOf(mine));
      await expect(read).rejects.toThrow(UnreadableSecretError);
      const { status, problem } = await sync(mine);
      expect([status, problem.code]).toEqual([500, 'internal_error']);
      expect(JSON.stringify(problem)).not.toMatch(/decrypt|carrier-key/);
    }
    await api.db.prisma.providerAccount.update({ where: { id: uuidOf(mine) }, data: { apiKey: own } });
    expect([(await sync(mine)).status, (await sync(theirs)).status]).toEqual([200, 200]);
  });

  it('are all encrypted with the new key after a change of it, and read as before', async () => {
    const id = await carrierAccount(api, { apiKey: API_KEY });
    const key = Buffer.alloc(32, 'next').toString('base64');
    expect(
      await resealProviderAccounts(api.db, createSecretBox({ key, previousKey: TEST_ENCRYPTION_KEY })),
    ).toBeGreaterThan(2);
    const next = createSecretBox({ key, previousKey: undefined });
    expect(await readProviderAccount(api.db.pool, next, uuidOf(id))).toMatchObject({ apiKey: API_KEY });
    await expect(readProviderAccount(api.db.pool, testSecrets, uuidOf(id))).rejects.toThrow(UnreadableSecretError);
    await resealProviderAccounts(api.db, createSecretBox({ key: TEST_ENCRYPTION_KEY, previousKey: key }));
  });

  it('sign events with the API key when there is no webhook secret', async () => {
    const id = await carrierAccount(api, { apiKey: API_KEY, webhookSecret: null });
    const params = { providerAccountId: id };
    const event = { event: 'unknown_event', call: { call_id: 'call_1', accepted_at: Date.now() } };
    const sign = (secret: string) => send(api, 'receiveWebhook', { params, ...webhook(secret, event) });
    expect([(await sign(SECRET)).status, (await sign(API_KEY)).status]).toEqual([401, 204]);
    await update(id, { apiKey: `${API_KEY}2` });
    expect(await readProviderAccount(api.db.pool, testSecrets, uuidOf(id))).toMatchObject({
      webhookSecret: `${API_KEY}2`,
    });
  });
});

describe('a new provider account', () => {
  it('gets its events by webhook when there is a public address, and is polled often when there is none', async () => {
    const json = accountBody(api);
    const { body, headers } = await send(api, 'createProviderAccount', { json });
    expect(body).toMatchObject({
      mode: 'webhooks',
      webhookUrl: `https://calls.test/v1/webhooks/${body.id}`,
      pollIntervalMs: 120_000,
      settleDelayMs: null,
    });
    expect(headers.get('location')).toBe(`/v1/provider-accounts/${body.id}`);
    const hidden = await startTestApi({ publicUrl: null });
    const polled = await send(hidden, 'createProviderAccount', { json });
    const chosen = await send(hidden, 'createProviderAccount', { json: { ...json, pollIntervalMs: 9_000 } });
    await hidden.stop();
    expect(polled.body).toMatchObject({ mode: 'polling', webhookUrl: null, pollIntervalMs: 5_000 });
    expect(chosen.body.pollIntervalMs).toBe(9_000);
  });

  it('is at the usual address of its kind unless told otherwise; a simulated carrier has none', async () => {
    const json = accountBody(api, { baseUrl: undefined });
    const retell = await send(api, 'createProviderAccount', { json: { ...json, kind: 'retell' } });
    expect(retell.body.baseUrl).toBe('https://api.retellai.com');
    const { status, problem } = await send(api, 'createProviderAccount', { json });
    expect([status, problem.errors[0]?.field]).toEqual([422, 'baseUrl']);
  });

  it.each([
    ['baseUrl', 'http://calls.example.com'],
    ['baseUrl', 'https://me:secret@calls.example.com'],
    ['kind', 'constructor'],
    ['apiKey', ''],
    ['apiKey', 'two words'],
    ['webhookSecret', 'line\nbreak'],
    ['ringLimitMs', 99],
    ['callLengthMaxMs', 14_400_001],
    ['settleDelayMs', -1],
    ['pollIntervalMs', 99],
  ])('is refused with %s %j, and nothing is stored', async (field, value) => {
    const before = await api.db.prisma.providerAccount.count();
    const { status, problem } = await send(api, 'createProviderAccount', {
      json: accountBody(api, { [field]: value }),
    });
    expect([status, problem.errors[0]?.field]).toEqual([422, field]);
    expect(await api.db.prisma.providerAccount.count()).toBe(before);
  });
});

describe('a change of a provider account', () => {
  it('changes what it names and nothing else', async () => {
    const id = await carrierAccount(api);
    const before = await rowOf(id);
    const limits = { ringLimitMs: 20_000, callLengthMaxMs: 60_000, settleDelayMs: 5_000, pollIntervalMs: 7_000 };
    expect((await update(id, { name: 'Renamed', ...limits })).body).toMatchObject({ name: 'Renamed', ...limits });
    expect((await update(id, { settleDelayMs: null })).body).toMatchObject({ ...limits, settleDelayMs: null });
    expect(await rowOf(id)).toEqual({ ...before, name: 'Renamed', ...limits, settleDelayMs: null });
    expect((await update(id, { baseUrl: 'https://calls.example.com' })).problem.errors[0]?.code).toBe('unknown_field');
  });

  it('that disables it pauses its running batches with the reason, and no others; it may be enabled again', async () => {
    const { accountId, batchId } = await usedAccount();
    const other = publicId('batch', await seedBatch(api.db, api.workspace));
    expect((await update(accountId, { disabled: true })).body.disabled).toBe(true);
    expect(await statusOf(batchId)).toEqual({
      status: 'PAUSED',
      statusReason: expect.stringContaining('provider account was disabled'),
    });
    expect((await statusOf(other)).status).toBe('RUNNING');
    expect((await update(accountId, { disabled: false })).body.disabled).toBe(false);
    expect((await send(api, 'resumeBatch', { params: { batchId } })).body.status).toBe('RUNNING');
  });
});

describe('an account of another workspace', () => {
  it('is not found by any operation, and stays as it is', async () => {
    const { providerAccountId, workspaceId } = api.other.workspace;
    const params = { providerAccountId: publicId('providerAccount', providerAccountId) };
    const batchId = await seedBatch(api.db, api.other.workspace);
    const before = await rowOf(params.providerAccountId);
    const answers = [
      await send(api, 'getProviderAccount', { params }),
      await send(api, 'updateProviderAccount', { params, json: { name: 'Mine', apiKey: 'mine', disabled: true } }),
      await send(api, 'syncProviderAccount', { params }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
    expect(await rowOf(params.providerAccountId)).toEqual(before);
    expect(await api.db.prisma.batch.findUniqueOrThrow({ where: { id: batchId } })).toMatchObject({
      workspaceId,
      status: 'RUNNING',
    });
  });
});

describe('a sync', () => {
  it('brings in agents and numbers with the agent that is bound to them, and changes nothing when it is repeated', async () => {
    const id = await carrierAccount(api);
    const unchanged = { added: 0, updated: 0, disabled: 0 };
    expect((await sync(id)).body).toEqual({
      agents: { ...unchanged, added: 2 },
      phoneNumbers: { ...unchanged, added: 1, skipped: 0 },
    });
    const agents = await agentsOf(id);
    expect(agents.map(({ providerAgentId, name }) => ({ id: providerAgentId, name }))).toEqual(AGENTS);
    const numbers = await numbersOf(id);
    expect(numbers).toEqual([
      expect.objectContaining({
        phone: '+12025550100',
        label: 'Main line',
        outbound: true,
        outboundAgentId: agents[0]!.id,
      }),
    ]);
    expect((await sync(id)).body).toEqual({ agents: unchanged, phoneNumbers: { ...unchanged, skipped: 0 } });
    expect([await agentsOf(id), await numbersOf(id)]).toEqual([agents, numbers]);
  });

  it('follows a new name, and counts it', async () => {
    const { accountId, batchId } = await usedAccount();
    api.carrier.configure({
      agents: [{ id: AGENTS[0]!.id, name: `Renamed\0 ${'x'.repeat(150)}` }, AGENTS[1]!],
      fromNumbers: [{ ...NUMBERS[0]!, label: 'New line' }],
    });
    const { body } = await sync(accountId);
    expect([body.agents.updated, body.phoneNumbers.updated]).toEqual([1, 1]);
    expect((await agentsOf(accountId))[0]!.name).toBe(`Renamed ${'x'.repeat(92)}`);
    expect((await numbersOf(accountId))[0]!.label).toBe('New line');
    expect((await statusOf(batchId)).status).toBe('RUNNING');
  });

  it.each([
    ['agent', { agents: [AGENTS[1]!] }],
    ['from-number', { fromNumbers: [] }],
  ])(
    'disables an %s that is gone and pauses the batches that use it, and does not enable it again',
    async (what, left) => {
      const { accountId, batchId } = await usedAccount();
      api.carrier.configure(left);
      const { body } = await sync(accountId);
      expect(body.agents.disabled + body.phoneNumbers.disabled).toBe(1);
      expect(await statusOf(batchId)).toEqual({
        status: 'PAUSED',
        statusReason: expect.stringContaining(`no longer has its ${what}`),
      });
      const rows = async () => [...(await agentsOf(accountId)), ...(await numbersOf(accountId))];
      expect((await rows()).filter(({ disabledAt }) => disabledAt !== null)).toHaveLength(1);
      api.carrier.configure({ agents: AGENTS, fromNumbers: NUMBERS });
      await sync(accountId);
      expect((await rows()).filter(({ disabledAt }) => disabledAt !== null)).toHaveLength(1);
      expect((await rows()).length).toBe(3);
    },
  );

  it('leaves what it cannot know: a label and an agent of our own, and whatever a full list may have left out', async () => {
    const { accountId } = await usedAccount();
    const [first, second] = await agentsOf(accountId);
    const [number] = await numbersOf(accountId);
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
    const { body } = await sync(accountId);
    expect(body).toMatchObject({ agents: { added: 1_000, disabled: 0 }, phoneNumbers: { updated: 0, skipped: 1 } });
    expect(await numbersOf(accountId)).toEqual([
      expect.objectContaining({ label: 'Ours', outboundAgentId: second!.id, disabledAt: null }),
    ]);
    await send(api, 'updatePhoneNumber', { params, json: { outboundAgentId: null } });
    await sync(accountId);
    expect((await numbersOf(accountId))[0]!.outboundAgentId).toBe(first!.id);
  });

  it('with a wrong key, or of a provider that is down or answers nonsense, changes nothing and says why', async () => {
    const { accountId, batchId } = await usedAccount();
    const before = [await agentsOf(accountId), await numbersOf(accountId)];
    const halfDown = await startHalfDown();
    api.carrier.configure({ apiKey: 'another-key', agents: [], fromNumbers: [] });
    const refused = await sync(accountId);
    await api.db.prisma.providerAccount.update({ where: { id: uuidOf(accountId) }, data: { baseUrl: halfDown.url } });
    const nonsense = await sync(accountId);
    halfDown.stop();
    const down = await sync(accountId);
    for (const { status, problem } of [refused, nonsense, down]) {
      expect([status, problem.code, problem.retryable]).toEqual([503, 'provider_unreachable', true]);
      expect(problem.detail).toContain('Nothing was changed');
    }
    expect([refused.problem.detail, nonsense.problem.detail]).toEqual([
      expect.stringContaining('answered 401'),
      expect.stringContaining('did not list its numbers'),
    ]);
    expect([await agentsOf(accountId), await numbersOf(accountId)]).toEqual(before);
    expect((await statusOf(batchId)).status).toBe('RUNNING');
  });

  it('that cannot be written whole is not written at all', async () => {
    const id = await carrierAccount(api);
    await api.db.pool.query(
      `ALTER TABLE phone_numbers ADD CONSTRAINT refuses_one CHECK (label IS DISTINCT FROM 'Refused') NOT VALID`,
    );
    api.carrier.configure({ fromNumbers: [{ ...NUMBERS[0]!, label: 'Refused' }] });
    expect((await sync(id)).status).toBe(500);
    expect([await agentsOf(id), await numbersOf(id)]).toEqual([[], []]);
  });

  it('uses credentials that were changed a moment ago', async () => {
    const id = await carrierAccount(api);
    expect((await sync(id)).status).toBe(200);
    api.carrier.configure({ apiKey: API_KEY });
    expect((await sync(id)).status).toBe(503);
    await update(id, { apiKey: API_KEY });
    expect((await sync(id)).status).toBe(200);
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
