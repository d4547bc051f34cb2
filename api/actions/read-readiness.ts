import { zoneDataVersion } from '../../platform/zone-data.js';
import type { Config } from '../../platform/config.js';
import type { Database } from '../../store/database.js';
import { checkFunctions } from '../../store/functions/check-functions.js';
import { readClock } from '../../store/read-clock.js';
import { isEncryptionKeyRight } from '../../store/settings/canary.js';
import type { ApiDeps } from '../http/operation.js';
import { within } from '../http/within.js';

const CHECK_TIMEOUT_MS = 1_000;

/**
 * Asks PostgreSQL and Temporal, each with a time-out. A process whose key is not the installation's any more can reach no
 * provider and check no webhook, and one whose database was brought to another release must not write there: neither is
 * ready.
 */
export async function readReadiness({ db, temporal, config }: ApiDeps) {
  const [postgresql, server, key, schema] = await Promise.all([
    timed(async () => {
      const beforeMs = Date.now();
      const databaseMs = await readClock(db.pool);
      return (beforeMs + Date.now()) / 2 - databaseMs;
    }),
    timed(() => askTemporal(temporal)),
    timed(() => isEncryptionKeyRight(db.pool, config.secretBox)),
    timed(() => checkSchema(db, config)),
  ]);
  const isKeyRight = key.result === true;
  const status = !postgresql.ok || !isKeyRight || !schema.ok ? 'unavailable' : server.ok ? 'ready' : 'degraded';
  const { ok, tookMs, error } = server;
  return {
    status,
    postgresql: {
      ok: postgresql.ok,
      tookMs: postgresql.tookMs,
      clockSkewMs: postgresql.result === null ? null : Math.round(postgresql.result * 10) / 10,
      error: postgresql.error,
    },
    encryptionKey: { ok: isKeyRight, error: key.error ?? (isKeyRight ? null : 'WrongEncryptionKeyError') },
    schema: { ok: schema.ok, error: schema.error },
    zoneData: zoneDataVersion(),
    temporal: { ok, tookMs, error },
  };
}

/** Whether Temporal answers within a second. */
export async function isTemporalThere({ temporal }: Pick<ApiDeps, 'temporal'>): Promise<boolean> {
  return (await timed(() => askTemporal(temporal))).ok;
}

function askTemporal({ client }: ApiDeps['temporal']): Promise<unknown> {
  return client.withDeadline(Date.now() + CHECK_TIMEOUT_MS, () => client.connection.workflowService.getSystemInfo({}));
}

/** The text of an error may hold an address or a user name: its kind is told, no more. */
async function timed<T>(
  check: () => Promise<T>,
): Promise<{ ok: boolean; tookMs: number; result: T | null; error: string | null }> {
  const startedMs = performance.now();
  const tookMs = (): number => Math.round((performance.now() - startedMs) * 10) / 10;
  try {
    const result = await within(CHECK_TIMEOUT_MS, check());
    return { ok: true, tookMs: tookMs(), result, error: null };
  } catch (err) {
    const { name = 'Error', code } = err as { name?: string; code?: unknown };
    return { ok: false, tookMs: tookMs(), result: null, error: code === undefined ? name : `${name} ${String(code)}` };
  }
}

const SCHEMA_KNOWN_MS = 5_000;
const schemaChecks = new WeakMap<Database, { check: Promise<void>; untilMs: number }>();

/** All functions are read for it, and anybody may ask: one look serves all who ask within some seconds. @throws SqlFunctionsError */
function checkSchema(db: Database, config: Config): Promise<void> {
  const known = schemaChecks.get(db);
  if (known && performance.now() < known.untilMs) return known.check;
  const check = checkFunctions(db.pool, config);
  schemaChecks.set(db, { check, untilMs: performance.now() + SCHEMA_KNOWN_MS });
  // What was wrong, or away, is looked at again by the next one.
  check.catch(() => schemaChecks.delete(db));
  return check;
}
