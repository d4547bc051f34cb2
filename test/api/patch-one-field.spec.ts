import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { operations } from '../../api/routes/all-operations.js';
import { readProviderAccount } from '../../store/settings/read-provider-account.js';
import { testSecrets } from '../support/secrets.js';
import { rowOf, uuidOf } from './provider-accounts/accounts.js';
import { storedBatch } from './support/batch-rows.js';
import { fieldsOf, naming, withField } from './support/patch-fields.js';
import { PARTS, patchedThings, WHOLE, type Patched, type Settings } from './support/patched-things.js';
import { batchBody, draft, newAgent, newNumber, reviewedImport } from './support/requests.js';
import { send, startTestApi, type TestApi } from './support/test-api.js';

let api: TestApi;
let things: Record<string, Patched>;
beforeAll(async () => {
  api = await startTestApi();
  things = patchedThings(api, { numberId: await newNumber(api), agentId: await newAgent(api) });
});
afterAll(() => api.stop());

/** What a body holds beside what is kept: how it is to be taken; and a row of an upload, whose cells have a test below. */
const NOT_KEPT = [
  'updateBatch version',
  'updateProviderAccount forceKeyChange',
  'editImportRow values',
  'editImportRow dryRun',
  'switchWorkspace workspaceId',
  'changePassword oldPassword',
  'changePassword newPassword',
  'confirmSecondFactor code',
];
/** An object that is one value: a day that is left out is closed. */
const WHOLES = ['updateBatch window.'];

const every = operations
  .filter(({ method }) => method === 'patch')
  .flatMap(({ id, body }) => fieldsOf(body!).map((field) => ({ id, ...field }))) // every PATCH has a body
  .filter(({ id, path }) => !NOT_KEPT.includes(`${id} ${path}`))
  .filter(({ id, path }) => !WHOLES.some((whole) => `${id} ${path}`.startsWith(whole)));
const resettable = every.filter(({ takesNull }) => takesNull);

describe('a change of one field', () => {
  const look = async ({ get, param, settings = (shown) => shown }: Patched, id: string): Promise<Settings> =>
    settings((await send(api, get, { params: { [param]: id } })).body);
  const patch = (operationId: string, { param }: Patched, id: string, json: unknown) =>
    send(api, operationId, { params: { [param]: id }, json });

  it.each(every)('$id $path leaves every other field as it was', async ({ id: operationId, path }) => {
    const patched = things[operationId]!;
    const { to, isSecret, ...change } = patched.changes[path]!;
    const id = await patched.make();
    const before = await look(patched, id);
    expect((await patch(operationId, patched, id, naming(path, to))).status).toBe(200);
    expect(await look(patched, id)).toEqual(isSecret ? before : withField(before, path, change.shownAs ?? to));
  });

  it.each(resettable)('$id $path: null resets it, and nothing else', async ({ id: operationId, path }) => {
    const patched = things[operationId]!;
    const { afterNull, isSecret } = patched.changes[path]!;
    const id = await patched.make();
    const before = await look(patched, id);
    expect((await patch(operationId, patched, id, naming(path, null))).status).toBe(200);
    expect(await look(patched, id)).toEqual(isSecret ? before : withField(before, path, afterNull));
  });

  it('of the credentials of an account leaves the other credential', async () => {
    const account = things['updateProviderAccount']!;
    const id = await account.make();
    const first = await rowOf(api, id);
    const credentialsOf = async () => (await readProviderAccount(api.db.pool, testSecrets, uuidOf(id)))?.credentials;
    const { webhookSecret } = (await credentialsOf())!;
    await patch('updateProviderAccount', account, id, { credentials: { apiKey: 'another' } });
    expect(await credentialsOf()).toEqual({ apiKey: 'another', webhookSecret });
    await patch('updateProviderAccount', account, id, { credentials: { webhookSecret: null } });
    expect(await credentialsOf()).toEqual({ apiKey: 'another' });
    const { credentials, identityVersion } = await rowOf(api, id);
    expect(await rowOf(api, id)).toEqual({ ...first, credentials, identityVersion });
  });

  it('of a rejected row leaves its other cells', async () => {
    const importId = await reviewedImport(api);
    const params = { importId, rowNumber: '3' };
    await send(api, 'editImportRow', { params, json: { values: { name: 'Anna' } } });
    const { body } = await send(api, 'editImportRow', { params, json: { values: { city: 'Rome' } } });
    expect(body.row.cells).toEqual({ phone_number: 'nonsense', name: 'Anna', city: 'Rome' });
  });
});

describe('changes of parts of one batch', () => {
  const update = (batchId: string, json: unknown) => send(api, 'updateBatch', { params: { batchId }, json });

  it('all hold when they come at once, and none is recorded as refused', async () => {
    const batchId = await things['updateBatch']!.make();
    const changes = Object.entries(PARTS);
    const answers = await Promise.all(changes.map(([path, { to }]) => update(batchId, naming(path, to))));
    expect(answers.map(({ status }) => status)).toEqual(changes.map(() => 200));
    const shown = things['updateBatch']!.settings!((await send(api, 'getBatch', { params: { batchId } })).body);
    const asked = changes.reduce((settings, [path, { to }]) => withField(settings, path, to), shown);
    expect(shown).toEqual(asked);
    const { body } = await send(api, 'listBatchEvents', { params: { batchId }, query: { limit: '100' } });
    expect(body.data.filter(({ applied }: { applied: boolean }) => !applied)).toEqual([]);
    expect((await storedBatch(api, batchId)).version).toBe(changes.length + 1);
  });

  it.each([
    [{ retryPolicy: { outcomes: { BUSY: { attempts: 6 } } } }, 'retryPolicy.outcomes.BUSY.attempts'],
    [{ successCriterion: { kind: 'analysis', seconds: 5 } }, 'successCriterion.seconds'],
    [{ lawfulOverride: { reason: null } }, 'lawfulOverride.reason'],
    [{ window: { monday: null } }, 'window.monday'],
  ])('are checked with what they leave out: %j is refused', async (json, field) => {
    const { status, problem } = await update(await things['updateBatch']!.make(), json);
    expect([status, problem.errors[0]?.field]).toEqual([422, field]);
  });

  it.each([
    [{ successCriterion: { seconds: 5 } }, 'successCriterion.seconds'],
    [{ successCriterion: { kind: 'minimumDuration' } }, 'successCriterion.seconds'],
    [{ lawfulOverride: {} }, 'lawfulOverride.reason'],
  ])('name all of what there was nothing of: %j is refused', async (json, field) => {
    const { status, problem } = await update(await draft(api), json);
    expect([status, problem.errors[0]?.field]).toEqual([422, field]);
  });

  it('lower the attempts of all outcomes at once, and are the same when they are sent back', async () => {
    const batchId = await things['updateBatch']!.make();
    const { body } = await update(batchId, { retryPolicy: { maxAttempts: 2 } });
    expect(body.retryPolicy).toEqual({ ...WHOLE.retryPolicy, maxAttempts: 2 });
    expect((await update(batchId, { retryPolicy: body.retryPolicy })).body.retryPolicy).toEqual(body.retryPolicy);
  });

  it('let outcomes that are as by default follow the number of attempts', async () => {
    const batchId = await draft(api, { retryPolicy: { maxAttempts: 3 } });
    const { outcomes } = (await update(batchId, { retryPolicy: { maxAttempts: 4 } })).body.retryPolicy;
    expect(outcomes.BUSY).toEqual({ attempts: 4, delayMinutes: 10 });
    const { body } = await update(batchId, { retryPolicy: { outcomes: { VOICEMAIL: {} } } });
    expect(body.retryPolicy.outcomes).toEqual({ ...outcomes, VOICEMAIL: { attempts: 4, delayMinutes: 60 } });
  });

  it('cannot give a new batch more attempts after an outcome than it has', async () => {
    const retryPolicy = { maxAttempts: 2, outcomes: { BUSY: { attempts: 3, delayMinutes: 1 } } };
    const { status, problem } = await send(api, 'createBatch', { json: batchBody(api, { retryPolicy }) });
    expect([status, problem.errors[0]?.field]).toEqual([422, 'retryPolicy.outcomes.BUSY.attempts']);
  });
});
