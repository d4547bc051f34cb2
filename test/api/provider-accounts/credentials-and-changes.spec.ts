import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { publicId } from '../../../domain/ids.js';
import { createSecretBox, UnreadableSecretError } from '../../../platform/secret-box.js';
import { resealSecrets } from '../../../store/settings/provider-accounts.js';
import { sealCredentials } from '../../../store/settings/sealed-credentials.js';
import { readProviderAccount } from '../../../store/settings/read-provider-account.js';
import { testSecrets, TEST_ENCRYPTION_KEY } from '../../support/secrets.js';
import { seedBatch } from '../../support/seed.js';
import { accountBody, carrierAccount, webhook } from '../support/requests.js';
import { send, startTestApi, type TestApi } from '../support/test-api.js';
import { rowOf, statusOf, sync, update, usedAccount, uuidOf } from './accounts.js';

const API_KEY = 'rq8Zf2plainApiKey';
const SECRET = 'Vx7plainWebhookSecret';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

describe('the credentials of a provider account', () => {
  it('are stored encrypted, when they are made and when they are changed', async () => {
    const id = await carrierAccount(api, { credentials: { apiKey: API_KEY, webhookSecret: SECRET } });
    const made = await rowOf(api, id);
    await update(api, id, { credentials: { apiKey: `${API_KEY}2`, webhookSecret: `${SECRET}2` } });
    const changed = await rowOf(api, id);
    for (const row of [made, changed]) {
      expect(JSON.stringify(row)).not.toMatch(/plain/);
      expect(row.credentials).toMatch(/^v1:/);
    }
    expect(await readProviderAccount(api.db.pool, testSecrets, uuidOf(id))).toMatchObject({
      credentials: { apiKey: `${API_KEY}2`, webhookSecret: `${SECRET}2` },
    });
  });

  it('are in no answer and in no stored answer', async () => {
    const json = accountBody(api, { credentials: { apiKey: API_KEY, webhookSecret: SECRET } });
    const headers = { 'idempotency-key': 'account-with-secrets' };
    const made = await send(api, 'createProviderAccount', { json, headers });
    const params = { providerAccountId: made.body.id };
    const answers = [
      made,
      await send(api, 'createProviderAccount', { json, headers }),
      await send(api, 'getProviderAccount', { params }),
      await send(api, 'listProviderAccounts', { query: { limit: '100' } }),
      await update(api, made.body.id, { credentials: { apiKey: API_KEY } }),
      await sync(api, made.body.id),
      await send(api, 'createProviderAccount', { json: { ...json, credentials: { apiKey: `plain ${API_KEY}` } } }),
      await send(api, 'receiveWebhook', { params, ...webhook('wrong') }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 200, 200, 200, 424, 422, 401]);
    expect(JSON.stringify(answers.map(({ body }) => body))).not.toMatch(/plain|v1:/);
    const { rows } = await api.db.pool.query('SELECT response FROM idempotency_keys');
    expect(JSON.stringify(rows)).not.toMatch(/plain|v1:/);
  });

  it('cannot be read when they were moved from another account or tampered with, and the API says no more than that it failed', async () => {
    const [mine, theirs] = [await carrierAccount(api), await carrierAccount(api)];
    const own = (await rowOf(api, mine)).credentials;
    const tampered = own.replace(/^v1:./, (start) => (start === 'v1:A' ? 'v1:B' : 'v1:A'));
    for (const credentials of [(await rowOf(api, theirs)).credentials, tampered, 'carrier-key']) {
      await api.db.prisma.providerAccount.update({ where: { id: uuidOf(mine) }, data: { credentials } });
      const read = readProviderAccount(api.db.pool, testSecrets, uuidOf(mine));
      await expect(read).rejects.toThrow(UnreadableSecretError);
      const { status, problem } = await sync(api, mine);
      expect([status, problem.code]).toEqual([500, 'internal_error']);
      expect(JSON.stringify(problem)).not.toMatch(/decrypt|carrier-key/);
    }
    await api.db.prisma.providerAccount.update({ where: { id: uuidOf(mine) }, data: { credentials: own } });
    expect([(await sync(api, mine)).status, (await sync(api, theirs)).status]).toEqual([200, 200]);
  });

  it('that a newer release would want more of are asked for, by whatever needs them', async () => {
    const id = await carrierAccount(api);
    const data = { credentials: sealCredentials(testSecrets, uuidOf(id), { token: 'plain' }) };
    await api.db.prisma.providerAccount.update({ where: { id: uuidOf(id) }, data });
    const event = await send(api, 'receiveWebhook', { params: { providerAccountId: id }, ...webhook() });
    for (const { status, problem } of [await sync(api, id), event]) {
      expect([status, problem.code]).toEqual([409, 'credentials_needed']);
      expect(problem.detail).toContain('apiKey, webhookSecret');
    }
  });

  it('are all encrypted with the new key after a change of it, and read as before', async () => {
    const id = await carrierAccount(api, { credentials: { apiKey: API_KEY } });
    const key = Buffer.alloc(32, 'next').toString('base64');
    const { accounts } = await resealSecrets(api.db, createSecretBox({ key, previousKey: TEST_ENCRYPTION_KEY }));
    expect(accounts).toBeGreaterThan(2);
    const next = createSecretBox({ key, previousKey: undefined });
    expect(await readProviderAccount(api.db.pool, next, uuidOf(id))).toMatchObject({
      credentials: { apiKey: API_KEY },
    });
    await expect(readProviderAccount(api.db.pool, testSecrets, uuidOf(id))).rejects.toThrow(UnreadableSecretError);
    await resealSecrets(api.db, createSecretBox({ key: TEST_ENCRYPTION_KEY, previousKey: key }));
  });

  it('sign events with the API key when there is no webhook secret', async () => {
    const id = await carrierAccount(api, { credentials: { apiKey: API_KEY, webhookSecret: null } });
    const params = { providerAccountId: id };
    const event = { event: 'unknown_event', call: { call_id: 'call_1', accepted_at: Date.now() } };
    const sign = (secret: string) => send(api, 'receiveWebhook', { params, ...webhook(secret, event) });
    expect([(await sign(SECRET)).status, (await sign(API_KEY)).status]).toEqual([401, 204]);
    await update(api, id, { credentials: { apiKey: `${API_KEY}2` } });
    const { credentials } = (await readProviderAccount(api.db.pool, testSecrets, uuidOf(id)))!;
    expect(credentials).toEqual({ apiKey: `${API_KEY}2` });
  });
});

describe('a test of a provider account', () => {
  const ask = async (id: string) =>
    (await send(api, 'testProviderAccount', { params: { providerAccountId: id } })).body;

  it('says whether the provider takes its credentials, as they are now', async () => {
    const id = await carrierAccount(api);
    expect(await ask(id)).toEqual({ credentials: 'accepted', owner: null, why: null });
    await update(api, id, { credentials: { apiKey: 'wrong-key' } });
    expect(await ask(id)).toEqual({ credentials: 'refused', owner: null, why: 'answered 401' });
    await update(api, id, { credentials: { apiKey: 'carrier-key' } });
    expect((await ask(id)).credentials).toBe('accepted');
  });

  it('says that it does not know when the provider cannot be reached', async () => {
    const gone = await carrierAccount(api, { baseUrl: 'http://127.0.0.1:9' });
    expect(await ask(gone)).toEqual({ credentials: 'unknown', owner: null, why: expect.any(String) });
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
    ['credentials', undefined],
    ['credentials', 'carrier-key'],
    ['credentials.apiKey', {}],
    ['credentials.apiKey', { apiKey: null, webhookSecret: 'secret' }],
    ['credentials.apiKey', { apiKey: '' }],
    ['credentials.apiKey', { apiKey: 'two words' }],
    ['credentials.webhookSecret', { apiKey: 'key', webhookSecret: 'line\nbreak' }],
    ['credentials.accountSid', { apiKey: 'key', accountSid: 'AC1' }],
    ['credentials.constructor', { apiKey: 'key', constructor: 'key' }],
    ['ringLimitMs', 99],
    ['callLengthMaxMs', 14_400_001],
    ['settleDelayMs', -1],
    ['pollIntervalMs', 99],
  ])('is refused with %s %j, and nothing is stored', async (field, value) => {
    const before = await api.db.prisma.providerAccount.count();
    const { status, problem } = await send(api, 'createProviderAccount', {
      json: accountBody(api, { [field.split('.')[0] ?? '']: value }),
    });
    expect([status, problem.errors[0]?.field]).toEqual([422, field]);
    expect(await api.db.prisma.providerAccount.count()).toBe(before);
  });
});

describe('a change of a provider account', () => {
  it('changes what it names and nothing else', async () => {
    const id = await carrierAccount(api);
    const before = await rowOf(api, id);
    const limits = { ringLimitMs: 20_000, callLengthMaxMs: 60_000, settleDelayMs: 5_000, pollIntervalMs: 7_000 };
    expect((await update(api, id, { name: 'Renamed', ...limits })).body).toMatchObject({ name: 'Renamed', ...limits });
    expect((await update(api, id, { settleDelayMs: null })).body).toMatchObject({ ...limits, settleDelayMs: null });
    expect(await rowOf(api, id)).toEqual({ ...before, name: 'Renamed', ...limits, settleDelayMs: null });
    expect((await update(api, id, { baseUrl: 'https://calls.example.com' })).problem.errors[0]?.code).toBe(
      'unknown_field',
    );
  });

  it('that disables it pauses its running batches with the reason, and no others; it may be enabled again', async () => {
    const { accountId, batchId } = await usedAccount(api);
    const other = publicId('batch', await seedBatch(api.db, api.workspace));
    expect((await update(api, accountId, { disabled: true })).body.disabled).toBe(true);
    expect(await statusOf(api, batchId)).toEqual({
      status: 'PAUSED',
      statusReason: expect.stringContaining('provider account was disabled'),
    });
    expect((await statusOf(api, other)).status).toBe('RUNNING');
    expect((await update(api, accountId, { disabled: false })).body.disabled).toBe(false);
    expect((await send(api, 'resumeBatch', { params: { batchId } })).body.status).toBe('RUNNING');
  });
});

describe('an account of another workspace', () => {
  it('is not found by any operation, and stays as it is', async () => {
    const { providerAccountId, workspaceId } = api.other.workspace;
    const params = { providerAccountId: publicId('providerAccount', providerAccountId) };
    const batchId = await seedBatch(api.db, api.other.workspace);
    const before = await rowOf(api, params.providerAccountId);
    const answers = [
      await send(api, 'getProviderAccount', { params }),
      await send(api, 'updateProviderAccount', {
        params,
        json: { name: 'Mine', credentials: { apiKey: 'mine' }, disabled: true },
      }),
      await send(api, 'syncProviderAccount', { params }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
    expect(await rowOf(api, params.providerAccountId)).toEqual(before);
    expect(await api.db.prisma.batch.findUniqueOrThrow({ where: { id: batchId } })).toMatchObject({
      workspaceId,
      status: 'RUNNING',
    });
  });
});
