import { describe, expect, it } from '@jest/globals';
import { seen, send, startBrokenApi, type TestApi } from '../support/test-api.js';

export function operationCases(getApi: () => TestApi): void {
  describe('readiness', () => {
    it('is told with the clock skew; without Temporal it is degraded, without PostgreSQL there is none', async () => {
      const api = getApi();
      const { body } = await send(api, 'getReadiness', { key: null });
      expect(body).toMatchObject({
        status: process.env['TEST_TEMPORAL_ADDRESS'] ? 'ready' : 'degraded',
        postgresql: { ok: true },
      });
      expect(Math.abs(body.postgresql.clockSkewMs)).toBeLessThan(1_000);
      const away = await startBrokenApi('postgresql://nobody@127.0.0.1:9/nothing');
      expect(await send(away, 'getReadiness', { key: null })).toMatchObject({
        status: 503,
        body: { status: 'unavailable', temporal: { ok: false } },
      });
      await away.stop();
      expect(seen.has('getReadiness 503')).toBe(true);
    });
  });
}
