import { describe, expect, it } from '@jest/globals';
import { operations } from '../../../api/routes/all-operations.js';
import { REQUESTS } from '../support/requests.js';
import { send, type TestApi } from '../support/test-api.js';

const conditional = operations.filter(({ takesIfMatch }) => takesIfMatch).map(({ id }) => id);

/** Of every operation that looks at If-Match. */
export function ifMatchCases(api: () => TestApi): void {
  describe('If-Match', () => {
    it.each(conditional)('%s changes the version that it names, and no other', async (id) => {
      const request = await REQUESTS[id]!(api());
      const look = () => send(api(), 'getBatch', { params: request.params! });
      const before = await look();
      const etag = before.headers.get('etag')!;
      expect(etag).toBe(`"${before.body.version}"`);
      const { version } = before.body;
      for (const other of [
        `"${version + 1}"`,
        `W/${etag}`,
        `${version}`,
        `${etag}, "7"`,
        '"x"',
        `"${'9'.repeat(30)}"`,
        '""',
      ]) {
        const { status, problem, headers } = await send(api(), id, { ...request, headers: { 'if-match': other } });
        expect([other, status, problem.code, problem['version']]).toEqual([other, 412, 'precondition_failed', version]);
        expect([problem.detail, headers.get('etag')]).toEqual([expect.stringContaining('Read it again'), etag]);
      }
      expect((await look()).body).toMatchObject({ version, status: before.body.status, name: before.body.name });
      const changed = await send(api(), id, { ...request, headers: { 'if-match': etag } });
      expect(changed.status).toBeLessThan(300);
      // A deleted batch has no version to be changed from.
      if (id !== 'deleteBatch') {
        expect(changed.headers.get('etag')).toBe(`"${changed.body.version}"`);
        expect(changed.body.version).toBeGreaterThan(version);
        expect(changed.body).toHaveProperty('counters');
      }
    });

    it.each(conditional)('%s takes any version for *', async (id) => {
      const request = await REQUESTS[id]!(api());
      expect((await send(api(), id, { ...request, headers: { 'if-match': '*' } })).status).toBeLessThan(300);
    });

    it('lets one of two changes win that were made from one version', async () => {
      const { params } = await REQUESTS['updateBatch']!(api());
      const headers = { 'if-match': (await send(api(), 'getBatch', { params: params! })).headers.get('etag')! };
      const names = ['One', 'Two', 'Three'];
      const answers = await Promise.all(
        names.map((name) => send(api(), 'updateBatch', { params: params!, headers, json: { name } })),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412]);
      const won = names[answers.findIndex(({ status }) => status === 200)];
      expect((await send(api(), 'getBatch', { params: params! })).body.name).toBe(won);
    });
  });
}
