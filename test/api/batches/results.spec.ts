import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { parsePublicId, publicId } from '../../../domain/ids.js';
import { readSettings } from '../../../platform/settings.js';
import { recordFacts } from '../../../store/facts/record-facts.js';
import { acceptCall, claimOne, openBatch } from '../../support/seed.js';
import { draft } from '../support/requests.js';
import { send, startTestApi, type TestApi } from '../support/test-api.js';

let api: TestApi;
beforeAll(async () => {
  // The limits that the product ships with: results have more columns than the tests' allow.
  api = await startTestApi({ settings: readSettings({}) });
});
afterAll(() => api.stop());

type Row = Record<string, string>;

async function results(batchId: string): Promise<{ text: string; rows: Row[] }> {
  const { body, headers } = await send(api, 'getResults', { params: { batchId } });
  expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
  expect(headers.get('content-disposition')).toContain('results.csv');
  const text = body as string;
  return { text, rows: parse(text, { columns: true, bom: true }) };
}

async function importInto(batchId: string, content: string): Promise<void> {
  const file = { name: 'a.csv', content };
  const { body } = await send(api, 'createImport', { params: { batchId }, file, query: { autoConfirm: 'true' } });
  expect(body).toMatchObject({ status: 'CONFIRMED', rejectedRows: 0, rowsOutstanding: false });
}

/** What was uploaded about a batch's recipients. */
async function uploaded(batchId: string): Promise<unknown[]> {
  const { body } = await send(api, 'listRecipients', { params: { batchId }, query: { limit: '200' } });
  const keys = ['phoneNumber', 'name', 'variables', 'metadata', 'customSipHeaders', 'ignoreE164Validation'];
  return body.data.map((recipient: Record<string, unknown>) => keys.map((key) => recipient[key]));
}

describe('the results of a batch as CSV', () => {
  it('tell of each recipient its status, its last call and its variables', async () => {
    const batchId = await draft(api, { recipients: [] });
    await importInto(batchId, 'phone_number,name,city\n+12025550141,Ada,"London, ""UK"""\n+12025550142,,\n');
    const id = parsePublicId('batch', batchId) ?? '';
    await api.db.pool.query(`UPDATE batches SET status = 'RUNNING', start_at = dialwright_now() WHERE id = $1`, [id]);
    await openBatch(api.db, id, { opensInMs: -60_000, closesInMs: 3_600_000 });
    const call = await claimOne(api.db, api.workspace, id);
    await acceptCall(api.db.pool, call.id, 'call_9');
    await recordFacts(api.db.pool, api.workspace.providerAccountId, [
      {
        eventKey: 'call_9 ended',
        kind: 'ENDED',
        callId: 'call_9',
        reference: publicId('attempt', call.id),
        occurredAt: new Date(),
        outcome: 'ANSWERED',
        endReason: '=hangup',
        durationMs: 12_000,
        successful: true,
        details: {},
      },
    ]);
    const [ada, other] = (await results(batchId)).rows;
    expect(ada).toMatchObject({
      phone_number: "'+12025550141",
      name: 'Ada',
      city: 'London, "UK"',
      dialwright_status: 'COMPLETED',
      dialwright_attempts: '1',
      dialwright_last_outcome: 'ANSWERED',
      dialwright_end_reason: "'=hangup",
      dialwright_duration_ms: '12000',
      dialwright_call_id: 'call_9',
      dialwright_dialing_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      dialwright_ended_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    });
    expect(other).toMatchObject({ dialwright_status: 'QUEUED', dialwright_attempts: '0', dialwright_call_id: '' });
  });

  it('give no spreadsheet a formula, and the same recipients when they are uploaded again', async () => {
    const from = await draft(api, { recipients: [] });
    await importInto(
      from,
      [
        'phone_number,Name,=evil,ignore_e164_validation,metadata,custom_sip_headers,a',
        `+12025550141, Ada ,"=cmd|' /C calc'!A0",,"{""a"":[1,null]}","{""X-A"":""=1""}","two\nlines; ""x"""`,
        "5555550100,,'=x,yes,,,@home",
        "+12025550142,-Bob,''+1,no,,,\t tab",
        '+12025550143,Zoë,"\rcr",,,,-1',
      ].join('\r\n'),
    );
    const { text, rows } = await results(from);
    const cells = rows.flatMap((row) => [...Object.keys(row), ...Object.values(row)]);
    expect(cells.filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
    const to = await draft(api, { recipients: [] });
    await importInto(to, text);
    expect(await uploaded(to)).toEqual(await uploaded(from));
  });

  it('show a variable whose name an upload would read as something else, and can be uploaded all the same', async () => {
    const variables = { 'Phone Number': 'x', error: 'e', ' ': 'blank', name: 'Other', city: 'Rome' };
    const from = await draft(api, { recipients: [{ phoneNumber: '+12025550141', name: 'Ada', variables }] });
    const { text, rows } = await results(from);
    expect(rows[0]).toMatchObject({
      name: 'Ada',
      city: 'Rome',
      'dialwright_variable Phone Number': 'x',
      'dialwright_variable error': 'e',
      'dialwright_variable  ': 'blank',
    });
    const to = await draft(api, { recipients: [] });
    await importInto(to, text);
    expect(await uploaded(to)).toEqual([['+12025550141', 'Ada', { name: 'Ada', city: 'Rome' }, {}, {}, false]]);
  });

  it('have all variables in one column when there are too many names for one each', async () => {
    const recipients = Array.from({ length: 910 }, (_, index) => ({
      phoneNumber: '+12025550141',
      variables: { [`v${index}`]: '' },
    }));
    const batchId = await draft(api, { recipients: [] });
    for (let at = 0; at < recipients.length; at += 200)
      await send(api, 'addRecipients', { params: { batchId }, json: { recipients: recipients.slice(at, at + 200) } });
    const { rows } = await results(batchId);
    expect(rows).toHaveLength(910);
    expect(rows[7]?.['dialwright_variables']).toBe('{"v7":""}');
  });

  it('hold every recipient once, in order, however many pages they take, and a header when there is none', async () => {
    const batchId = await draft(api, { recipients: [] });
    expect((await results(batchId)).text).toMatch(/^phone_number,.*\r\n$/);
    const phones = Array.from({ length: 3_456 }, (_, index) => `+1202555${1_000 + index}`);
    await importInto(batchId, `phone_number\n${phones.join('\n')}\n`);
    expect((await results(batchId)).rows.map((row) => row['phone_number']?.slice(1))).toEqual(phones);
  });

  it('are cut off when something fails half-way: half a file is never taken for a whole one', async () => {
    const batchId = await draft(api, { recipients: [] });
    const phones = Array.from({ length: 4_000 }, (_, index) => `+1202555${1_000 + index}`);
    await importInto(batchId, `phone_number\n${phones.join('\n')}\n`);
    const breakRow = (metadata: string) =>
      api.db.pool.query('UPDATE recipients SET metadata = $3 WHERE batch_id = $1 AND phone = $2', [
        parsePublicId('batch', batchId),
        phones[3_000],
        metadata,
      ]);
    await breakRow('null');
    const res = await fetch(`${api.url}/v1/batches/${batchId}/results.csv`, {
      headers: { authorization: `Bearer ${api.keys.viewer}` },
    });
    expect(res.status).toBe(200);
    await expect(res.text()).rejects.toThrow();
    await breakRow('{}');
    expect((await results(batchId)).rows).toHaveLength(4_000);
  });

  it('are an error like any other when something fails before they begin', async () => {
    const batchId = await draft(api);
    const variables = (value: string) =>
      api.db.pool.query('UPDATE recipients SET variables = $2 WHERE batch_id = $1', [
        parsePublicId('batch', batchId),
        value,
      ]);
    await variables('1');
    const { status, problem, headers } = await send(api, 'getResults', { params: { batchId } });
    expect([status, problem.code, headers.get('content-disposition')]).toEqual([500, 'internal_error', null]);
    await variables('{}');
    const head = await fetch(`${api.url}/v1/batches/${batchId}/results.csv`, {
      method: 'HEAD',
      headers: { authorization: `Bearer ${api.keys.viewer}` },
    });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });
});
