import { describe, expect, it } from '@jest/globals';
import type { Operation } from '../../../api/http/operation.js';
import { operations } from '../../../api/routes/all-operations.js';
import { readSettings } from '../../../platform/settings.js';
import { eventually } from '../../support/eventually.js';
import { listenTo } from '../support/event-stream.js';
import { holdTables, PATIENT } from '../support/hold-tables.js';
import { carrierAccount, draft, REQUESTS } from '../support/requests.js';
import { send, startTestApi, type Received, type Sent, type TestApi } from '../support/test-api.js';

const TAKEN_MAX_MS = 30_000;

export function busyCases(): void {
  describe('when the database is busy', () => {
    it('every operation is refused while its workspace has as much of the kind under way as it may have, and says when to come again', async () => {
      const { lockTimeoutMs, readTimeoutMs } = PATIENT;
      const settings = {
        ...readSettings({}),
        databaseConnectionsMax: 16,
        placeWaitMs: 0,
        readTimeoutMs,
        listenersMax: 1,
      };
      const full = await startTestApi({ settings }, { lockTimeoutMs });
      const providerAccountId = await carrierAccount(full);
      const batchId = await draft(full);
      const file = { name: 'a.csv', content: 'phone_number\n+12025550198\n' };
      const fillers: [id: string, sent: Sent, times: number][] = [
        ['addSuppressions', { json: { phoneNumbers: ['+12025550197'] } }, 2],
        ['emergencyStop', { json: {} }, 1],
        ['importSuppressions', { file }, 1],
        ['updateProviderAccount', { params: { providerAccountId }, json: { name: 'Mine' } }, 4],
        ['listSuppressions', {}, 2],
        ['searchSuppressions', { json: { text: '+12025550197' } }, 1],
        ['getResults', { params: { batchId } }, 1],
      ];
      await askAll(
        full,
        operations.filter(({ role }) => role !== null),
        async (ask) => {
          const held = await holdTables(full.db, ['suppressions', 'provider_accounts']);
          const filling = fillers.flatMap(([id, sent, times]) =>
            Array.from({ length: times }, () => sendUntilTaken(full, id, sent)),
          );
          await held.untilWaiting(12);
          // Not before: it is told of batches every second or so, and reading them waits for these tables too.
          const listener = await listenTo(full.url, { authorization: `Bearer ${full.keys.viewer}` });
          const asked = await ask();
          await held.letGo();
          listener.close();
          await Promise.all(filling);
          for (const { id, received } of asked) {
            expect([id, received.status, received.problem.code]).toEqual([id, 429, 'too_many_at_once']);
            expect(Number(received.headers.get('retry-after'))).toBeGreaterThan(0);
          }
        },
      );
      await full.stop();
    });

    // Every request looks for its key: the table of keys cannot be held.
    const narrowable = operations.filter(
      ({ errorCodes, tag }) => errorCodes.includes('read_took_too_long') && tag !== 'API keys',
    );
    it('what reads too long is ended, and says how to narrow it', async () => {
      const slow = await startTestApi({ settings: { ...readSettings({}), readTimeoutMs: 100 } });
      await askAll(slow, narrowable, async (ask) => {
        const held = await holdTables(slow.db, [
          'batches',
          'agents',
          'phone_numbers',
          'provider_accounts',
          'suppressions',
          'audit_events',
          'members',
          'workspace_figures',
        ]);
        const asked = await ask();
        await held.letGo();
        for (const { id, received } of asked) {
          expect([id, received.status, received.problem.code]).toEqual([id, 422, 'read_took_too_long']);
          expect(received.problem.detail).toContain('Narrow it');
        }
      });
      await slow.stop();
    });
  });
}

/** Of a request before it a place may still be taken for a moment after its answer. */
function sendUntilTaken(where: TestApi, id: string, sent: Sent): Promise<Received> {
  return eventually(async () => {
    const received = await send(where, id, sent);
    if (received.status === 429) throw new Error(`${id} was refused`);
    return received;
  }, TAKEN_MAX_MS);
}

/** A right request for each operation, all sent together. */
async function askAll(
  where: TestApi,
  those: readonly Operation[],
  whileHeld: (ask: () => Promise<Asked[]>) => Promise<void>,
) {
  const requests: [string, Sent][] = [];
  for (const operation of those) requests.push([operation.id, await REQUESTS[operation.id]!(where)]);
  await whileHeld(() =>
    Promise.all(requests.map(async ([id, sent]) => ({ id, received: await send(where, id, sent) }))),
  );
}
type Asked = { id: string; received: Received };
