import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { countRows } from '../support/count-rows.js';
import { CSV, draft, reviewedImport, seeded } from '../support/requests.js';
import { send, type Sent, type TestApi } from '../support/test-api.js';

const OTHER_BATCH = { recipients: [] };

export function importCases(getApi: () => TestApi): void {
  const upload = async (
    content: string | Uint8Array,
    options: { name?: string; type?: string; query?: Record<string, string>; batchId?: string } = {},
  ) => {
    const api = getApi();
    const batchId = options.batchId ?? (await draft(api, OTHER_BATCH));
    const file = { name: options.name ?? 'a.csv', content, ...(options.type !== undefined && { type: options.type }) };
    return send(api, 'createImport', { params: { batchId }, file, ...(options.query && { query: options.query }) });
  };
  const rows = async (importId: string, accepted: boolean) =>
    (await send(getApi(), 'listImportRows', { params: { importId }, query: { accepted: String(accepted) } })).body.data;

  describe('an upload', () => {
    it.each([
      ['an empty file', '', {}, 422, 'csv_empty'],
      ['headers and no rows', 'phone_number,name\n', {}, 422, 'csv_empty'],
      ['only blank rows', 'phone_number,name\n,\n\n', {}, 422, 'csv_empty'],
      ['no phone column', 'name,city\nAda,London\n', {}, 422, 'csv_headers'],
      ['two phone columns', 'phone_number,phoneNumber\n+12025550111,\n', {}, 422, 'csv_headers'],
      ['too many columns', `phone_number,${'abcdefghijk'.split('').join(',')}\n+12025550111\n`, {}, 422, 'csv_headers'],
      ['a quote that is not closed in its headers', 'phone_number,"x\n+12025550111\n', {}, 422, 'csv_unreadable'],
      ['headers that are too long', `phone_number,${'x'.repeat(5_000)}\n+12025550111,1\n`, {}, 422, 'csv_unreadable'],
      ['NUL bytes everywhere', 'p\0h\0\0o\0\0n\0e\n\0\0', {}, 422, 'csv_unreadable'],
      ['a broken header', 'phone_number,na\ufffdme\n+12025550111,x\n', {}, 422, 'csv_headers'],
      [
        'another encoding than its byte order mark says',
        '\ufeffphone_number,name\n+12025550111,Zoë\n',
        { query: { encoding: 'windows-1252' } },
        422,
        'csv_unreadable',
      ],
      ['a spreadsheet', 'PK\u0003\u0004…', { name: 'people.xlsx' }, 415, 'file_not_csv'],
      ['a spreadsheet called .csv', 'PK\u0003\u0004…', {}, 415, 'file_not_csv'],
      ['a picture', 'GIF89a', { name: 'a.gif', type: 'image/gif' }, 415, 'file_not_csv'],
      ['a picture called .csv', 'GIF89a', { type: 'image/gif' }, 415, 'file_not_csv'],
      ['a file that is too large', `phone_number\n${'+12025550111\n'.repeat(20_000)}`, {}, 413, 'file_too_large'],
    ])('refuses %s, says what to do and leaves nothing', async (_what, content, options, status, code) => {
      const api = getApi();
      const before = await countRows(api);
      const received = await upload(content, options);
      expect([received.status, received.problem.code]).toEqual([status, code]);
      expect(received.problem.detail.length).toBeGreaterThan(20);
      expect(await countRows(api)).toEqual({ ...before, batches: before.batches + 1 });
    });

    it('refuses a form without a file, a broken one, and what is no form', async () => {
      const api = getApi();
      const params = { batchId: await draft(api) };
      const before = await countRows(api);
      const form = (body: string): Sent => ({ params, raw: { body, type: 'multipart/form-data; boundary=b' } });
      const codes = [];
      for (const request of [
        form('--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n1\r\n--b--\r\n'),
        form('--b\r\nContent-Disposition: form-data; name="other"; filename="a.csv"\r\n\r\nphone_number\r\n--b--\r\n'),
        form('--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nphone_num'),
        { params, raw: { body: 'x', type: 'multipart/form-data' } },
        { params, raw: { body: CSV, type: 'text/csv' } },
        { params },
      ]) {
        codes.push((await send(api, 'createImport', request)).problem.code);
      }
      expect(codes).toEqual([
        'no_file',
        'no_file',
        'bad_request',
        'bad_request',
        'unsupported_media_type',
        'unsupported_media_type',
      ]);
      expect(await countRows(api)).toEqual(before);
    });

    it('is refused by a batch that is over', async () => {
      const { status, problem } = await upload(CSV, { batchId: await seeded(getApi(), { status: 'COMPLETED' }) });
      expect([status, problem.code]).toEqual([409, 'action_not_allowed']);
    });

    it('accepts good rows, rejects bad ones with an error per field, and keeps the cells as they were', async () => {
      const csv =
        '\ufeffphone_number,Name,"Första ""x""",__proto__\r\n0012025550111,Ada,"a\nb\\t\t",p\r\n+12025550111,Ada,,\r\n12a,Bad,=1+1,\r\n';
      const { body } = await upload(csv);
      expect(body).toMatchObject({ status: 'REVIEW', totalRows: 3, acceptedRows: 2, rejectedRows: 1 });
      expect(body.warnings.map(({ code }: { code: string }) => code).sort()).toEqual([
        'duplicate_phone',
        'phone_repaired',
      ]);
      const [first] = await rows(body.id, true);
      expect(first).toMatchObject({
        rowNumber: 1,
        recipient: { phoneNumber: '+12025550111', originalPhoneNumber: '0012025550111', name: 'Ada' },
      });
      expect(Object.entries(first.recipient.variables).sort()).toEqual(
        [
          ['Första "x"', 'a\nb\\t\t'],
          ['__proto__', 'p'],
          ['name', 'Ada'],
        ].sort(),
      );
      const [rejected] = await rows(body.id, false);
      expect(rejected).toMatchObject({
        rowNumber: 3,
        cells: { phone_number: '12a', Name: 'Bad' },
        problems: [expect.objectContaining({ field: 'phoneNumber' })],
      });
    });

    it.each([
      ['semicolons', 'phone_number;name\n+12025550111;"Ada; Lovelace, Countess"\n'],
      ['tabs', 'phone_number\tname\n+12025550111\t"Ada; Lovelace, Countess"\n'],
      [
        'UTF-16',
        Buffer.concat([
          Buffer.from([0xff, 0xfe]),
          Buffer.from('phone_number,name\n+12025550111,"Ada; Lovelace, Countess"\n', 'utf16le'),
        ]),
      ],
    ])('reads %s', async (_what, content) => {
      const { body } = await upload(content);
      expect((await rows(body.id, true))[0].recipient).toMatchObject({
        phoneNumber: '+12025550111',
        name: 'Ada; Lovelace, Countess',
      });
    });

    it('reads national numbers in the country that it is told, and refuses one that does not exist', async () => {
      const { body } = await upload('phone_number\n(202) 555-0111\n', { query: { defaultCountry: 'US' } });
      expect(body).toMatchObject({ acceptedRows: 1, rejectedRows: 0 });
      expect((await upload(CSV, { query: { defaultCountry: 'us' } })).status).toBe(422);
    });

    it('succeeds when every row is bad, and cannot be confirmed then', async () => {
      const { status, body } = await upload('phone_number\nx\n', { query: { autoConfirm: 'true' } });
      expect([status, body.status, body.acceptedRows]).toEqual([201, 'REVIEW', 0]);
      const confirmed = await send(getApi(), 'confirmImport', { params: { importId: body.id } });
      expect([confirmed.status, confirmed.problem.code]).toEqual([422, 'no_accepted_rows']);
    });

    it('becomes recipients when it is confirmed, or at once with autoConfirm', async () => {
      const api = getApi();
      const batchId = await draft(api, OTHER_BATCH);
      const { body } = await upload(CSV, { batchId });
      expect((await send(api, 'confirmImport', { params: { importId: body.id } })).body).toMatchObject({
        status: 'CONFIRMED',
        rowsOutstanding: false,
      });
      expect((await upload(CSV, { batchId, query: { autoConfirm: 'true' } })).body).toMatchObject({
        status: 'CONFIRMED',
        rowsOutstanding: false,
      });
      expect((await send(api, 'getCounters', { params: { batchId } })).body.recipients.total).toBe(4);
      expect(await rows(body.id, true)).toEqual([]);
    });

    it('pages its rows', async () => {
      const csv = `phone_number\n${Array.from({ length: 5 }, (_, index) => `+1202555012${index}`).join('\n')}\n`;
      const { body } = await upload(csv);
      const params = { importId: body.id };
      const first = await send(getApi(), 'listImportRows', { params, query: { limit: '3' } });
      const second = await send(getApi(), 'listImportRows', {
        params,
        query: { limit: '3', cursor: first.body.nextCursor },
      });
      expect(
        [...first.body.data, ...second.body.data].map(({ rowNumber }: { rowNumber: number }) => rowNumber),
      ).toEqual([1, 2, 3, 4, 5]);
    });

    it('repeats with the same key only for the same name and content', async () => {
      const api = getApi();
      const params = { batchId: await draft(api, OTHER_BATCH) };
      const headers = { 'idempotency-key': randomUUID() };
      const first = await send(api, 'createImport', { params, headers, file: { name: 'a.csv', content: CSV } });
      expect(
        (await send(api, 'createImport', { params, headers, file: { name: 'a.csv', content: CSV } })).body.id,
      ).toBe(first.body.id);
      const changed = await send(api, 'createImport', {
        params,
        headers,
        file: { name: 'a.csv', content: CSV.replace('0111', '0119') },
      });
      expect(changed.problem.code).toBe('idempotency_key_reused');
      expect(
        (
          await api.db.prisma.import.findMany({
            where: { batch: { name: (await send(api, 'getBatch', { params })).body.name } },
          })
        ).length,
      ).toBe(1);
    });
  });

  describe('an import', () => {
    it.each(['confirmImport', 'discardImport'])('is not under review twice: %s', async (action) => {
      const api = getApi();
      const params = { importId: await reviewedImport(api) };
      await send(api, 'discardImport', { params });
      expect(await rows(params.importId, false)).toEqual([]);
      const { status, problem } = await send(api, action, { params });
      expect([status, problem.code]).toEqual([409, 'import_not_in_review']);
      expect(problem).toMatchObject({ importStatus: 'DISCARDED' });
    });

    it('lets a rejected row be edited once, and only under review', async () => {
      const api = getApi();
      const params = { importId: await reviewedImport(api), rowNumber: '3' };
      const json = { values: { phone_number: '+12025550119' } };
      expect((await send(api, 'editImportRow', { params, json })).body.row.accepted).toBe(true);
      const again = await send(api, 'editImportRow', { params, json });
      expect([again.status, again.problem.code]).toEqual([409, 'import_row_accepted']);
      await send(api, 'discardImport', { params });
      const late = await send(api, 'editImportRow', { params, json });
      expect([late.status, late.problem.code]).toEqual([409, 'import_not_in_review']);
    });

    it('is left as it was by a file that cannot take its place, and keeps its file once it is over', async () => {
      const api = getApi();
      const params = { importId: await reviewedImport(api) };
      const replace = async (sent: Sent) => (await send(api, 'replaceImportFile', { params, ...sent })).problem?.code;
      const file = (content: string) => ({ file: { name: 'a.csv', content } });
      const form = { body: '--b\r\nContent', type: 'multipart/form-data; boundary=b' };
      expect(await replace({ raw: form })).toBe('bad_request');
      expect(await replace(file('PK\u0003\u0004'))).toBe('file_not_csv');
      expect(await replace(file(`phone_number\n${'+12025550111\n'.repeat(20_000)}`))).toBe('file_too_large');
      expect((await send(api, 'getImport', { params })).body).toMatchObject({ status: 'REVIEW', totalRows: 3 });
      await send(api, 'discardImport', { params });
      expect(await replace(file(CSV))).toBe('import_not_in_review');
    });

    it('has a template that is accepted whole', async () => {
      const { body: template, headers } = await send(getApi(), 'getImportTemplate');
      expect(headers.get('content-type')).toBe('text/csv; charset=utf-8');
      expect((await upload(template)).body).toMatchObject({ acceptedRows: 2, rejectedRows: 0, warnings: [] });
    });
  });
}
