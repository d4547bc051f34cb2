import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { publicId } from '../../../domain/ids.js';
import { batchBody, draft, reviewedImport } from '../support/requests.js';
import { send, startTestApi, type TestApi } from '../support/test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

type Entry = Record<string, unknown> & { id: string; action: string; after: Record<string, unknown> | null };

/** What has been recorded since, oldest first. */
let since: string;
beforeEach(async () => {
  since = (await api.db.pool.query('SELECT dialwright_now() AS now')).rows[0].now.toISOString();
});
async function entries(query: Record<string, string> = {}): Promise<Entry[]> {
  const { status, body } = await send(api, 'listAudit', { query: { from: since, limit: '200', ...query } });
  expect(status).toBe(200);
  return body.data.toReversed();
}
const ids = () => ({
  agentId: publicId('agent', api.workspace.agentId),
  phoneNumberId: publicId('phoneNumber', api.workspace.fromNumberId),
  providerAccountId: publicId('providerAccount', api.workspace.providerAccountId),
  workspaceId: publicId('workspace', api.workspace.workspaceId),
});

describe('what is changed is recorded, with what was before and after, by whom and from where', () => {
  it.each<[string, (given: ReturnType<typeof ids>) => Promise<unknown>, Record<string, unknown>]>([
    [
      'a limit of the workspace',
      () => send(api, 'updateWorkspace', { json: { concurrency: 7 } }),
      {
        action: 'change workspace',
        targetKind: 'workspace',
        before: { concurrencyLimit: expect.any(Number) },
        after: { concurrencyLimit: 7 },
      },
    ],
    [
      'an agent',
      ({ agentId }) => send(api, 'updateAgent', { params: { agentId }, json: { name: 'Ines' } }),
      { action: 'change agent', targetKind: 'agent', before: { name: expect.any(String) }, after: { name: 'Ines' } },
    ],
    [
      'a number',
      ({ phoneNumberId }) =>
        send(api, 'updatePhoneNumber', { params: { phoneNumberId }, json: { label: 'Desk', callsPerSecond: 3 } }),
      { action: 'change number', targetKind: 'phoneNumber', after: { label: 'Desk', callsPerSecond: 3 } },
    ],
    [
      'an account',
      ({ providerAccountId }) =>
        send(api, 'updateProviderAccount', { params: { providerAccountId }, json: { ringLimitMs: 31_000 } }),
      { action: 'change account', targetKind: 'providerAccount', after: { ringLimitMs: 31_000 } },
    ],
    [
      'an emergency stop',
      () => send(api, 'emergencyStop', { json: { reason: 'fire' } }),
      { action: 'emergency stop', targetKind: 'workspace', detail: { reason: 'fire' } },
    ],
  ])('%s', async (_what, change, expected) => {
    expect(await change(ids())).toMatchObject({ status: 200 });
    const [entry, ...others] = await entries();
    expect(others).toEqual([]);
    expect(entry).toMatchObject({
      applied: true,
      actor: expect.stringMatching(/^key_[0-9a-f]{32}$/),
      actorName: 'admin',
      actorFrom: expect.stringContaining('127.0.0.1'),
      targetId: ids()[`${String(expected['targetKind'])}Id` as keyof ReturnType<typeof ids>],
      ...expected,
    });
  });

  it('a batch: what it was made with, and each setting that is changed', async () => {
    const batchId = await draft(api, { name: 'Reminders' });
    await send(api, 'updateBatch', { params: { batchId }, json: { note: 'hush', limits: { concurrency: 4 } } });
    const [made, edited] = await entries({ batchId });
    expect(made).toMatchObject({
      action: 'create',
      targetId: batchId,
      batchId,
      before: null,
      after: { name: 'Reminders', fromNumberId: ids().phoneNumberId, agentId: ids().agentId, status: 'DRAFT' },
    });
    expect(edited).toMatchObject({ action: 'edit', after: { note: 'hush', concurrencyLimit: 4 } });
  });

  it('new accounts, agents and numbers; never credentials', async () => {
    const account = await send(api, 'createProviderAccount', {
      json: {
        ...{ kind: 'simulator', name: 'Second', baseUrl: api.carrier.url },
        credentials: { apiKey: 'secret-of-the-account' },
      },
    });
    const providerAccountId = account.body.id;
    const agent = await send(api, 'createAgent', { json: { providerAccountId, providerAgentId: 'a', name: 'Ada' } });
    await send(api, 'createPhoneNumber', {
      json: { providerAccountId, phoneNumber: '+12025550188', outboundAgentId: agent.body.id },
    });
    await send(api, 'updateProviderAccount', {
      params: { providerAccountId },
      json: { credentials: { apiKey: 'another-secret' } },
    });
    const told = await entries();
    expect(told.map(({ action, after }) => [action, after])).toMatchObject([
      ['create account', { name: 'Second', kind: 'simulator' }],
      ['create agent', { name: 'Ada', providerAccountId }],
      ['create number', { phone: '+12025550188', outboundAgentId: agent.body.id }],
      ['change account', { credentials: 'changed' }],
    ]);
    const { rows } = await api.db.pool.query('SELECT a::text AS text FROM audit_events a');
    const { rows: sealed } = await api.db.pool.query('SELECT credentials FROM provider_accounts');
    for (const text of ['secret-of-the-account', 'another-secret', ...sealed.map((row) => row.credentials)])
      if (text) expect(rows.filter((row) => row.text.includes(text))).toEqual([]);
  });

  it('recipients and suppressions by their number, never by what they are', async () => {
    const batchId = await draft(api, { recipients: [{ phoneNumber: '+12125550177', name: 'Zoë Ángel' }] });
    await send(api, 'addSuppressions', { json: { phoneNumbers: ['+12125550178'] } });
    const [recipient] = await api.db.prisma.recipient.findMany({ where: { name: 'Zoë Ángel' } });
    const recipientId = publicId('recipient', recipient!.id);
    await send(api, 'updateRecipient', { params: { recipientId }, json: { variables: { first_name: 'Zoë' } } });
    const told = await entries();
    expect(told.map(({ action }) => action)).toEqual(['create', 'suppress', 'edit recipient']);
    expect(told[2]).toMatchObject({ targetId: recipientId, batchId, detail: { fields: ['variables'] } });
    expect(JSON.stringify(told)).not.toMatch(/Zoë|5550177|5550178/);
  });

  it('an upload, what is mended of it, and its confirm, by numbers alone', async () => {
    const importId = await reviewedImport(api, 'phone_number,name\n+12025550151,Zoë\nnonsense,Ángel\n');
    const values = { phone_number: '+12025550152' };
    await send(api, 'editImportRow', { params: { importId, rowNumber: '2' }, json: { values } });
    await send(api, 'confirmImport', { params: { importId } });
    const told = await entries({ targetId: importId });
    expect(told.map(({ action }) => action)).toEqual(['upload', 'edit import row', 'confirm import']);
    expect(told[0]).toMatchObject({ detail: { totalRows: 2, acceptedRows: 1, rejectedRows: 1 } });
    expect(told[1]).toMatchObject({ detail: { rowNumber: 2, accepted: true } });
    expect(JSON.stringify(told)).not.toMatch(/Zoë|Ángel|5550151|5550152/);
  });

  it('nothing, when nothing differs', async () => {
    const { agentId } = ids();
    await send(api, 'updateAgent', { params: { agentId }, json: { name: 'Ines' } });
    since = new Date().toISOString();
    await send(api, 'updateAgent', { params: { agentId }, json: { name: 'Ines' } });
    expect(await entries({ targetId: agentId })).toEqual([]);
  });
});

describe('what was refused and what was downloaded is recorded', () => {
  it('a request for which the role is too low, once a minute for each key and operation', async () => {
    for (let time = 0; time < 3; time++)
      expect((await send(api, 'updateWorkspace', { key: api.keys.viewer, json: { name: 'Mine' } })).status).toBe(403);
    const refused = await entries({ action: 'refused', applied: 'false' });
    expect(refused).toMatchObject([{ actorName: 'viewer', detail: { operation: 'updateWorkspace', role: 'viewer' } }]);
  });

  it('a change that the status does not allow', async () => {
    const batchId = await draft(api);
    await send(api, 'pauseBatch', { params: { batchId } });
    expect(await entries({ applied: 'false', batchId })).toMatchObject([{ action: 'pause', before: null }]);
  });

  it('a file of results', async () => {
    const batchId = await draft(api);
    await send(api, 'getResults', { params: { batchId }, key: api.keys.viewer });
    expect(await entries({ action: 'download' })).toMatchObject([
      { actorName: 'viewer', targetId: batchId, batchId, detail: { operation: 'getResults' } },
    ]);
  });

  it('not a question for its headers, which brings no file', async () => {
    const batchId = await draft(api);
    const headers = { authorization: `Bearer ${api.keys.viewer}` };
    const { status } = await fetch(`${api.url}/v1/batches/${batchId}/results.csv`, { method: 'HEAD', headers });
    expect(status).toBe(200);
    expect(await entries({ batchId, action: 'download' })).toEqual([]);
  });
});

describe('the list', () => {
  it('is the workspace’s own, newest first, page by page', async () => {
    for (const name of ['One', 'Two', 'Three']) await draft(api, { name });
    await send(api, 'createBatch', { key: api.other.keys.admin, json: batchBody(api.other as never) });
    const first = await send(api, 'listAudit', { query: { from: since, limit: '2' } });
    const second = await send(api, 'listAudit', { query: { from: since, limit: '2', cursor: first.body.nextCursor } });
    const names = [...first.body.data, ...second.body.data].map(({ after }: Entry) => after?.['name']);
    expect(names).toEqual(['Three', 'Two', 'One']);
    expect(second.body.nextCursor).toBeNull();
  });

  it('is filtered by time, actor, action and target', async () => {
    const batchId = await draft(api);
    const [made] = await entries({ batchId });
    expect(await entries({ targetId: batchId, actor: String(made!['actor']), action: 'create' })).toEqual([made]);
    expect(await entries({ batchId, actor: 'dialwright' })).toEqual([]);
    expect(await entries({ batchId, until: since })).toEqual([]);
  });

  it('says which ids it takes', async () => {
    const { status, problem } = await send(api, 'listAudit', { query: { targetId: 'evt_1' } });
    expect(status).toBe(422);
    expect(problem.errors[0]).toMatchObject({ field: 'targetId', message: expect.stringContaining('bat_…') });
  });

  it.each(['actor', 'action'])('takes no NUL as %s', async (field) => {
    for (const operation of ['listAudit', 'exportAudit']) {
      const { status, problem } = await send(api, operation, { query: { [field]: '\0' } });
      expect([status, problem.errors[0]?.field]).toEqual([422, field]);
    }
  });

  it('is a file too, whose download is recorded', async () => {
    await send(api, 'updateWorkspace', { json: { name: '=1+1' } });
    const { body, headers } = await send(api, 'exportAudit', { query: { from: since } });
    expect(headers.get('content-disposition')).toContain('audit.csv');
    const all = parse(body, { columns: true, bom: true }) as Record<string, string>[];
    const rows = all.filter(({ action }) => action !== 'download');
    expect(rows).toMatchObject([{ action: 'change workspace', actorName: 'admin', targetKind: 'workspace' }]);
    expect(JSON.parse(rows[0]!['after']!)).toMatchObject({ name: '=1+1' });
    expect(await entries({ action: 'download' })).toMatchObject([{ detail: { operation: 'exportAudit' } }]);
  });

  it.each(['viewer', 'operator'] as const)('is not for a %s', async (role) => {
    for (const operation of ['listAudit', 'exportAudit'] as const)
      expect((await send(api, operation, { key: api.keys[role] })).status).toBe(403);
  });
});

it('is in a part of its month, which can be dropped as a whole', async () => {
  await draft(api);
  const { rows } = await api.db.pool.query(
    `SELECT DISTINCT tableoid::regclass::text AS part, to_char(at AT TIME ZONE 'UTC', '"audit_events_"YYYY_MM') AS month
     FROM audit_events WHERE at > now() - interval '1 minute'`,
  );
  expect(rows.map(({ part }) => part)).toEqual(rows.map(({ month }) => month));
  await api.db.pool.query('SELECT make_audit_months(12)');
  const { rows: parts } = await api.db.pool.query(
    `SELECT count(*)::int AS count FROM pg_inherits WHERE inhparent = 'audit_events'::regclass`,
  );
  // This one, a year ahead, and what is in none of them.
  expect(parts[0].count).toBe(14);
});
