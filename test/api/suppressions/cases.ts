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
      ['headers that cannot be read', 'phone_number,"reason\n+12025550151,x\n', {}, 422, 'csv_unreadable'],
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

    it('loses only the rows that are bad, and is read in its encoding', async () => {
      const lines = [
        '+12025550161,"no" more',
        `+12025550162,${'x'.repeat(5_000)}`,
        '+12025550163,a\0b',
        '+12025550164,Zoë',
      ];
      const content = Buffer.from(`sep=,\nphone_number,reason\n${lines.join('\n')}\n`, 'latin1');
      const { body } = await send(getApi(), 'importSuppressions', { file: { name: 'stop.csv', content } });
      expect(body).toMatchObject({ added: 1, rejectedRows: 3, encoding: { name: 'windows-1252', certain: false } });
      expect(body.rejected.map(({ rowNumber }: { rowNumber: number }) => rowNumber)).toEqual([1, 2, 3]);
      const { reason } = await getApi().db.prisma.suppression.findFirstOrThrow({ where: { phone: '+12025550164' } });
      expect(reason).toBe('Zoë');
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
