import type pg from 'pg';
import { pollUntil, sleep } from '../../../dev/processes.js';
import { eventually } from '../../support/eventually.js';
import type { Rules } from '../evidence.js';
import type { ProviderKind } from '../provider.js';
import { describeRecipients } from '../read-evidence.js';
import { retryPolicyOf } from '../retries.js';
import type { Answer, Ask } from './ask.js';
import type { Pair } from './story.js';

/** What the rounds of all pairs work with. */
export type Bench = {
  ask: Ask;
  pool: pg.Pool;
  carrierUrl: string;
  fromNumberId: string;
  providerAccountId: string;
  provider: ProviderKind;
  /** When the run must be over. */
  deadlineMs: number;
  /** Kills of parts so far. */
  killsSoFar(): number;
  /** How long the last retry was answered after. */
  retryTookMs: number;
  say(text: string): void;
};

type NewBatch = { pair: Pair; phones: readonly string[]; retryPolicy?: Rules['retries']; settings?: object };

const LOOK_EVERY_MS = 200;
const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const NO_BREAKERS = { failureShare: null, shortCallShare: null, providerErrorShare: null };

/** The same ranges on every day. */
export function everyDay(ranges: [string, string][]): Record<string, [string, string][]> {
  return Object.fromEntries(WEEKDAYS.map((day) => [day, ranges]));
}

/** Asks for a batch that is always open, unless `settings` say otherwise. */
export function createSideBatch(
  bench: Bench,
  { pair, phones, retryPolicy = {}, settings = {} }: NewBatch,
): Promise<Answer> {
  return bench.ask('POST', '/v1/batches', {
    name: `Chaos: ${pair}`,
    fromNumberId: bench.fromNumberId,
    timeZone: 'UTC',
    window: everyDay([['00:00', '24:00']]),
    retryPolicy: retryPolicyOf(retryPolicy),
    circuitBreakers: NO_BREAKERS,
    recipients: phones.map((phoneNumber) => ({ phoneNumber })),
    ...settings,
  });
}

/** The id of a batch that was created. @throws Error when it was not */
export function batchIdOf({ status, body }: Answer): string {
  if (status !== 201) throw new Error(`A side batch was not created: ${status} ${JSON.stringify(body)}`);
  return String(body['id']);
}

/** The batch as GET shows it. */
export async function show({ ask }: Bench, batchId: string): Promise<Record<string, unknown>> {
  return (await ask('GET', `/v1/batches/${batchId}`)).body;
}

/** @throws Error that says where its recipients are when it does not get there within the time limit of the run */
export async function untilStatus(bench: Bench, batchId: string, wanted: string): Promise<void> {
  const isThere = async (): Promise<boolean> => (await show(bench, batchId))['status'] === wanted;
  if (!(await pollUntil(isThere, untilDeadline(bench)))) throw await lateError(bench, batchId, wanted);
}

/** Until no attempt of it holds a slot or is asked about. @throws Error as `untilStatus` */
export async function untilAttemptsEnded(bench: Bench, batchId: string): Promise<void> {
  const areEnded = async (): Promise<boolean> => (await readAttemptCounts(bench, batchId)).open === 0;
  if (!(await pollUntil(areEnded, untilDeadline(bench))))
    throw await lateError(bench, batchId, 'without open attempts');
}

type AttemptCounts = { open: number; inDoubt: number; live: number };

/** Asked again while PostgreSQL is down. */
export function readAttemptCounts({ pool }: Bench, batchId: string): Promise<AttemptCounts> {
  return eventually(
    async () => {
      const { rows } = await pool.query<AttemptCounts>(
        `SELECT count(*) FILTER (WHERE slot_held OR settle_at IS NOT NULL)::integer AS open,
           count(*) FILTER (WHERE state = 'UNCERTAIN')::integer AS "inDoubt",
           count(*) FILTER (WHERE state = 'IN_PROGRESS')::integer AS live FROM attempts WHERE batch_id = $1`,
        [uuidOf(batchId)],
      );
      return rows[0] ?? { open: 0, inDoubt: 0, live: 0 };
    },
    120_000,
    LOOK_EVERY_MS,
  );
}

/** Waits for it, but not for longer than this. */
export async function waitFor(isSo: () => Promise<boolean>, timeoutMs: number): Promise<boolean> {
  return (await pollUntil(isSo, { timeoutMs, intervalMs: 50 })) ?? false;
}

/** Nothing may happen in this time. */
export function hold(ms: number): Promise<void> {
  return sleep(ms);
}

export function uuidOf(batchId: string): string {
  return batchId.slice('bat_'.length);
}

function untilDeadline({ deadlineMs }: Bench): { timeoutMs: number; intervalMs: number } {
  return { timeoutMs: Math.max(deadlineMs - Date.now(), 0), intervalMs: LOOK_EVERY_MS };
}

async function lateError(bench: Bench, batchId: string, wanted: string): Promise<Error> {
  const { name, status, why } = await show(bench, batchId);
  const where = await eventually(() => describeRecipients(bench.pool, uuidOf(batchId)), 120_000, LOOK_EVERY_MS);
  return new Error(
    `The side batch ${batchId} (${String(name)}) was not ${wanted} in time but ${String(status)}, ${JSON.stringify(why)}\n${where.join('\n')}`,
  );
}
