import { describe, expect, it } from '@jest/globals';
import { send, type Sent, type TestApi } from '../support/test-api.js';

export function suppressionCases(getApi: () => TestApi): void {
  const count = () => getApi().db.prisma.suppression.count();

  describe('a file of numbers to suppress', () => {
    it.each([
      ['an empty file', '', {}, 422, 'csv_empty'],
      ['headers and no rows', 'phone_number,reason\n', {}, 422, 'csv_empty'],
      ['no phone column', 'reason\nasked us to\n', {}, 422, 'csv_headers'],
      ['two reasons', 'phone_number,reason,Reason\n+12025550151,,\n', {}, 422, 'csv_headers'],
      ['a row that is too long', `phone_number\n${'1'.repeat(5_000)}\n`, {}, 422, 'csv_unreadable'],
      ['a NUL byte', 'phone_number,reason\n+12025550151,a\0b\n', {}, 422, 'csv_unreadable'],
      [
        'another encoding',
        Buffer.from('phone_number,reason\n+12025550151,Zo\xeb\n', 'latin1'),
        {},
        422,
        'csv_unreadable',
      ],
      ['a spreadsheet', 'PK\u0003\u0004…', { name: 'stop.xlsx' }, 415, 'file_not_csv'],
      ['a file that is too large', `phone_number\n${'+12025550151\n'.repeat(20_000)}`, {}, 413, 'file_too_large'],
    ])('refuses %s, says what to do and adds nothing', async (_what, content, options, status, code) => {
      const before = await count();
      const file = { name: 'stop.csv', content, ...options };
      const received = await send(getApi(), 'importSuppressions', { file });
      expect([received.status, received.problem.code]).toEqual([status, code]);
      expect(received.problem.detail.length).toBeGreaterThan(20);
      expect(await count()).toBe(before);
    });

    it('refuses a form without a file, a broken one, and what is no form', async () => {
      const form = (body: string): Sent => ({ raw: { body, type: 'multipart/form-data; boundary=b' } });
      const codes = [];
      for (const request of [
        form('--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n1\r\n--b--\r\n'),
        form('--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nphone_num'),
        { raw: { body: 'phone_number\n', type: 'text/csv' } },
      ])
        codes.push((await send(getApi(), 'importSuppressions', request)).problem.code);
      expect(codes).toEqual(['no_file', 'bad_request', 'unsupported_media_type']);
    });
  });
}
