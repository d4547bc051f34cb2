import { publicId } from '../../../domain/ids.js';
import { uuidOf } from '../support/batch-rows.js';
import { confirmImport, uploadCsv } from '../support/imports.js';
import { CSV, WINDOW } from '../support/requests.js';
import { send, startTestApi, type TestApi } from '../support/test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

const create = (json: object) => send(api, 'createBatch', { json });
const empty = async () => (await create({})).body.id as string;
const update = (batchId: string, json: object) => send(api, 'updateBatch', { params: { batchId }, json });
const submit = (batchId: string) => send(api, 'submitBatch', { params: { batchId } });
const missingIn = async (batchId: string) => {
  const { status, problem } = await submit(batchId);
  expect([status, problem.code]).toEqual([422, 'batch_incomplete']);
  return problem.errors.map(({ field }: { field: string }) => field);
};
const fromNumberId = () => publicId('phoneNumber', api.workspace.fromNumberId);
const agentId = () => publicId('agent', api.workspace.agentId);

describe('a draft that lacks things', () => {
  it('is made with nothing, shown, listed and looked at', async () => {
    const { status, body } = await create({});
    expect(status).toBe(201);
    expect(body).toMatchObject({ status: 'DRAFT', name: null, fromNumber: null, agent: null, timeZone: null });
    const params = { batchId: body.id };
    expect((await send(api, 'getBatch', { params })).body).toMatchObject({ name: null, agent: null });
    expect((await send(api, 'listBatches')).body.data.map(({ id }: { id: string }) => id)).toContain(body.id);
    for (const operation of ['getCounters', 'getRun', 'listRecipients', 'getBatchSeries', 'getWhy'] as const)
      expect([operation, (await send(api, operation, { params })).status]).toEqual([operation, 200]);
    expect((await send(api, 'duplicateBatch', { params })).body).toMatchObject({ name: null, fromNumber: null });
  });

  it('is refused by a submit with everything that is missing in one list, and by a preflight with what it needs', async () => {
    const batchId = await empty();
    expect(await missingIn(batchId)).toEqual(['name', 'fromNumberId', 'agentId', 'timeZone', 'window', 'recipients']);
    await update(batchId, { name: 'Now it has one', window: WINDOW });
    expect(await missingIn(batchId)).toEqual(['fromNumberId', 'agentId', 'timeZone', 'recipients']);
    const { problem } = await send(api, 'preflightBatch', { params: { batchId }, json: {} });
    expect([problem.code, problem.errors[0]?.field]).toEqual(['batch_incomplete', 'timeZone']);
  });

  it('is told all that is missing when it is submitted as it is created', async () => {
    const { status, problem } = await create({ submit: true });
    expect([status, problem.code]).toEqual([422, 'validation_failed']);
    expect(problem.errors.map(({ field }: { field: string }) => field)).toEqual([
      'name',
      'fromNumberId',
      'timeZone',
      'window',
      'recipients',
    ]);
  });

  it('takes recipients and a file without a name or a number, and is submitted when the rest has come', async () => {
    const batchId = await empty();
    const added = await send(api, 'addRecipients', {
      params: { batchId },
      json: { recipients: [{ phoneNumber: '+12025550141' }] },
    });
    expect(added.status).toBe(201);
    const importId = await uploadCsv(api, batchId, CSV);
    expect((await confirmImport(api, importId)).body).toMatchObject({ acceptedRows: 2, rejectedRows: 1 });
    const done = await update(batchId, {
      ...{ name: 'Complete', fromNumberId: fromNumberId(), timeZone: 'Europe/Madrid', window: WINDOW },
    });
    expect(done.body).toMatchObject({ agent: { id: agentId() }, counters: { recipients: { total: 3 } } });
    expect((await submit(batchId)).body).toMatchObject({ status: 'SCHEDULED' });
  });

  it('refuses what only its number decides: an override agent, and a number that skips the check', async () => {
    const batchId = await empty();
    const add = async (recipient: object) =>
      (await send(api, 'addRecipients', { params: { batchId }, json: { recipients: [recipient] } })).problem.errors[0];
    expect(await add({ phoneNumber: '+12025550142', overrideAgentId: 'agent-1' })).toMatchObject({
      field: 'recipients[0].overrideAgentId',
      code: 'from_number_missing',
    });
    expect(await add({ phoneNumber: '1234567', ignoreE164Validation: true })).toMatchObject({
      field: 'recipients[0].ignoreE164Validation',
      code: 'from_number_missing',
    });
  });

  it('takes an agent before a number, and checks both when the number comes', async () => {
    const { body } = await create({ agentId: agentId() });
    expect(body).toMatchObject({ agent: { id: agentId() }, fromNumber: null });
    const { workspaceId } = api.workspace;
    const account = await api.db.prisma.providerAccount.create({
      data: { workspaceId, kind: 'simulator', name: 'Second', baseUrl: 'http://127.0.0.1:9', credentials: 'sealed' },
    });
    const number = await api.db.prisma.phoneNumber.create({
      data: { workspaceId, providerAccountId: account.id, phone: '+12025550190' },
    });
    const other = await update(body.id, { fromNumberId: publicId('phoneNumber', number.id) });
    expect(other.problem.code).toBe('agent_of_other_account');
    const alone = await create({ fromNumberId: publicId('phoneNumber', number.id) });
    expect(alone.body).toMatchObject({ agent: null, fromNumber: { phoneNumber: '+12025550190' } });
  });

  it('reads a local start only in a zone, and one with an offset without', async () => {
    const local = await create({ start: { at: '2027-06-01T09:00' } });
    expect([local.status, local.problem.code]).toEqual([422, 'start_not_a_time']);
    expect(local.problem.detail).toContain('no time zone yet');
    expect((await create({ start: { at: '2027-06-01T09:00:00+02:00' } })).body).toMatchObject({ startLocal: null });
  });

  it('cannot leave DRAFT by any other way: the database refuses it', async () => {
    const id = uuidOf(await empty());
    const start = `UPDATE batches SET status = 'SCHEDULED', "window" = '{}', start_at = now(), submitted_at = now() WHERE id = $1`;
    await expect(api.db.pool.query(start, [id])).rejects.toThrow('batches_complete_check');
  });
});
