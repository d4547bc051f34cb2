import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { apiOf, batchBody, type ShownBatch } from '../support/api.js';
import { startDevServer, type DevServer } from '../support/dev-server.js';
import { eventually } from '../support/eventually.js';
import { startPlatform, temporalLog, type TestPlatform } from '../support/platform.js';
import { findTelltales, NAME, PHONE, TELLTALE } from './telltale.js';

let server: DevServer;
let platform: TestPlatform;
let logs: string[];
beforeAll(async () => {
  server = await startDevServer();
});
afterAll(() => server.stop());
beforeEach(async () => {
  logs = [];
  platform = await startPlatform({ ...server, logs });
});
afterEach(() => platform.stop());

/** Writes to a table fail, by an error that says all that there is to say of the person. */
async function failWrites(table: string, when: string): Promise<void> {
  await platform.test.db.pool.query(`
    CREATE FUNCTION fail_${table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      RAISE EXCEPTION 'refused: ${TELLTALE}' USING ERRCODE = '23514', DETAIL = 'Failing row contains (${TELLTALE})', HINT = '${PHONE}';
    END $$;
    CREATE TRIGGER fail_${table} BEFORE INSERT OR UPDATE ON ${table} FOR EACH ROW ${when} EXECUTE FUNCTION fail_${table}()`);
}

async function untilLogged(message: string): Promise<void> {
  await eventually(() => expect(wholeLog()).toContain(message), 30_000);
}

async function letWrite(table: string): Promise<void> {
  await platform.test.db.pool.query(`DROP TRIGGER fail_${table} ON ${table}`);
}

function wholeLog(): string {
  return [...logs, ...temporalLog].join('\n');
}

it('what PostgreSQL says of a person when activities, claims and webhooks fail is in no log and not in the history of the run', async () => {
  const call = await apiOf(platform);
  await failWrites('batches', `WHEN (NEW.status = 'RUNNING')`);
  await failWrites('attempts', `WHEN (NEW.state = 'DIALING')`);
  await failWrites('call_events', '');
  const { id } = await call<ShownBatch>('POST', '/v1/batches', {
    ...batchBody(platform, 0),
    recipients: [{ phoneNumber: PHONE, name: NAME, variables: { greeting: TELLTALE } }],
  });
  const handle = platform.client.workflow.getHandle(id);
  await untilLogged('Activity failed');
  // Temporal hears of a failure after the worker has logged it.
  const whileFailing = await eventually(async () => {
    const text = textOf((await handle.describe()).raw);
    expect(text).toContain('lastFailure');
    return text;
  });
  await letWrite('batches');
  await untilLogged('claim failed');
  await letWrite('attempts');
  await untilLogged('request failed');
  await letWrite('call_events');
  await eventually(async () => {
    expect((await call<ShownBatch>('GET', `/v1/batches/${id}`)).status).toBe('COMPLETED');
  }, 40_000);
  const history = textOf(await handle.fetchHistory());
  const log = wholeLog();
  expect(findTelltales(log)).toEqual([]);
  expect(findTelltales(history)).toEqual([]);
  expect(findTelltales(whileFailing)).toEqual([]);
  // It is told what failed, with our own code for it.
  expect(whileFailing).toContain('23514 (a check refused the row)');
  expect(history).toContain('23514 (a check refused the row)');
  expect(log).toContain('store/claims/claim-calls.ts:');
});

/** All texts in an answer of Temporal, payloads included. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  if (typeof value !== 'object' || value === null) return '';
  return Object.entries(value)
    .map(([key, item]) => `${key} ${textOf(item)}`)
    .join('\n');
}
