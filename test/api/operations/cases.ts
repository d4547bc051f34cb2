import { describe, expect, it } from '@jest/globals';
import { createSecretBox } from '../../../platform/secret-box.js';
import { checkEncryptionKey, sealCanary } from '../../../store/settings/canary.js';
import { testSecrets } from '../../support/secrets.js';
import { seen, send, startBrokenApi, startTestApi, type TestApi } from '../support/test-api.js';

export function operationCases(getApi: () => TestApi): void {
  describe('readiness', () => {
    it('is told with the clock skew; without Temporal it is degraded, without PostgreSQL there is none', async () => {
      const api = getApi();
      const { body } = await send(api, 'getReadiness', { key: null });
      expect(body).toMatchObject({
        status: process.env['TEST_TEMPORAL_ADDRESS'] ? 'ready' : 'degraded',
        postgresql: { ok: true },
        encryptionKey: { ok: true, error: null },
        schema: { ok: true, error: null },
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

    it('is not there on a database whose functions are not those of the process', async () => {
      const api = await startTestApi();
      try {
        await api.db.pool.query(
          'CREATE OR REPLACE FUNCTION has_rows_outstanding(b batches) RETURNS boolean LANGUAGE sql AS $$ SELECT false $$',
        );
        expect(await send(api, 'getReadiness', { key: null })).toMatchObject({
          status: 503,
          body: { status: 'unavailable', schema: { ok: false, error: 'SqlFunctionsError' } },
        });
      } finally {
        await api.stop();
      }
    });

    it('is not there for a process whose encryption key is no longer the one of the installation', async () => {
      const other = createSecretBox({ key: Buffer.alloc(32, 'other').toString('base64'), previousKey: undefined });
      const api = await startTestApi();
      try {
        await checkEncryptionKey(api.db, testSecrets);
        expect((await send(api, 'getReadiness', { key: null })).status).toBe(200);
        await api.db.pool.query('UPDATE installation SET canary = $1', [sealCanary(other)]);
        expect(await send(api, 'getReadiness', { key: null })).toMatchObject({
          status: 503,
          body: { status: 'unavailable', encryptionKey: { ok: false, error: 'WrongEncryptionKeyError' } },
        });
      } finally {
        await api.stop();
      }
    });
  });
}
