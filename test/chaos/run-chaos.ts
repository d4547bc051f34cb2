import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { createApiClient, ApiFailure, type ApiClient } from '../../dev/demo/api-client.js';
import { pollUntil, sleep } from '../../dev/processes.js';
import { startStack, type Stack } from '../../dev/stack.js';
import { eventually } from '../support/eventually.js';
import { checkEvidence } from './check-evidence.js';
import { countFaults } from './count-faults.js';
import { type Evidence, type LedgerLine, type Rules, type Span } from './evidence.js';
import { createKiller, type Killer } from './parts.js';
import { planChaos, planClosing, rangesWithout, type Plan, type Profile } from './plan.js';
import { carrierSettings, prepareAccount, type ProviderKind } from './provider.js';
import { describeRecipients, readCallsAccepted, readLedgerLines, readRows } from './read-evidence.js';
import { findUntried, tableOf } from './report.js';

export type ChaosOptions = {
  seed: number;
  profile: Profile;
  provider: ProviderKind;
  /** Data, logs and evidence. */
  dir: string;
  say?: (text: string) => void;
};
/** `problems` holds one sentence per broken promise, and per fault or kill that did not strike often enough. */
export type ChaosResult = { problems: string[]; table: [string, string][] };

const RETRY_DELAY_MS = 10_000;
const MINUTE_MS = 60_000;
const RETRIES: Rules['retries'] = {
  NO_ANSWER: { attempts: 2, delayMs: RETRY_DELAY_MS },
  BUSY: { attempts: 2, delayMs: RETRY_DELAY_MS },
};
const RETRY_POLICY = {
  maxAttempts: 2,
  outcomes: Object.fromEntries(
    Object.entries(RETRIES).map(([outcome, { attempts, delayMs }]) => [
      outcome,
      { attempts, delayMinutes: delayMs / MINUTE_MS },
    ]),
  ),
};
const NO_BREAKERS = { failureShare: null, shortCallShare: null, providerErrorShare: null };
const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const ENVIRONMENT = {
  DIALWRIGHT_REQUEST_TIMEOUT_MS: '2000',
  DIALWRIGHT_SETTLE_INTERVAL_MS: '250',
  DIALWRIGHT_SETTLE_NEXT_LOOK_MS: '500',
  DIALWRIGHT_CONFIRM_DELAY_MS: '500',
  DIALWRIGHT_RUN_CHECK_INTERVAL_MS: '5000',
};
/** A part that is down answers within this again, or the run has failed. */
const ANSWER_MAX_MS = 120_000;
const LOOK_EVERY_MS = 200;
/** Nothing is told any more when the ledger has not changed for this long. */
const QUIET_MS = 4_000;
const QUIET_MAX_MS = 60_000;

type Run = ChaosOptions & {
  plan: Plan;
  stack: Stack;
  call: ApiClient;
  pool: pg.Pool;
  batch: { id: string; uuid: string };
  closing: Span | null;
  killer: Killer;
  say: (text: string) => void;
};

/** One batch from its creation to its end, with a lying carrier, while its processes are killed; then the check. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const { dir, seed, profile, provider, say = () => {} } = options;
  const plan = planChaos(seed, profile);
  const stack = await startStack({
    dir,
    concurrencyLimit: profile.concurrencyLimit,
    carrier: { seed: String(seed) },
    environment: ENVIRONMENT,
  });
  const pool = new pg.Pool({
    connectionString: stack.databaseUrl,
    max: 2,
    connectionTimeoutMillis: 3_000,
    query_timeout: 20_000,
  });
  pool.on('error', () => {}); // the server is killed on purpose; the next query connects again
  const killer = createKiller(stack, { dir, say });
  try {
    await configureCarrier(stack.carrierUrl, carrierSettings(plan, provider));
    await prepareAccount(pool, provider);
    await pool.query('UPDATE workspaces SET calls_per_second = $1', [profile.callsPerSecond]);
    const call = createApiClient(stack.apiUrl, stack.apiKey);
    const closing = planClosing(plan, Date.now());
    const batch = await startBatch({ stack, call }, plan, closing);
    const run: Run = { ...options, plan, stack, call, pool, batch, closing, killer, say };
    say(`batch ${batch.id}${closing ? `, closed from ${isoOf(closing.fromMs)} until ${isoOf(closing.untilMs)}` : ''}`);
    const pauses = await disturbUntilCompleted(run);
    return await judge(run, pauses);
  } finally {
    killer.stop();
    await pool.end().catch(() => {});
    await stack.stop();
  }
}

async function configureCarrier(carrierUrl: string, settings: Record<string, unknown>): Promise<void> {
  const response = await fetch(`${carrierUrl}/control/config`, { method: 'PUT', body: JSON.stringify(settings) });
  if (!response.ok) throw new Error(`The carrier refused its settings: ${await response.text()}`);
}

async function startBatch(
  { stack, call }: Pick<Run, 'stack' | 'call'>,
  plan: Plan,
  closing: Span | null,
): Promise<Run['batch']> {
  const ranges = rangesWithout(closing);
  const { id } = await call<{ id: string }>('POST', '/v1/batches', {
    name: 'Chaos',
    fromNumberId: stack.fromNumberId,
    timeZone: 'UTC',
    window: Object.fromEntries(WEEKDAYS.map((day) => [day, ranges])),
    retryPolicy: RETRY_POLICY,
    circuitBreakers: NO_BREAKERS,
    recipients: plan.phones.map((phoneNumber) => ({ phoneNumber })),
    submit: true,
  });
  return { id, uuid: id.slice('bat_'.length) };
}

/** @returns the pauses. @throws Error that says where every recipient is when the batch does not end in time. */
async function disturbUntilCompleted(run: Run): Promise<Span[]> {
  const { profile, closing, killer, plan, say } = run;
  const pauses: Span[] = [];
  const killWhileClosed = async (): Promise<void> => {
    if (!closing) return;
    await sleep(Math.max(closing.fromMs - Date.now(), 0) + plan.closedKill.delayMs);
    await killer.killAndRestart(plan.closedKill);
  };
  const killAlong = async (): Promise<void> => {
    for (const kill of plan.kills) {
      if (!(await areCallsReached(run, kill.atCalls))) return;
      await sleep(kill.delayMs);
      await killer.killAndRestart(kill);
    }
  };
  const pauseOnce = async (): Promise<void> => {
    if (await areCallsReached(run, plan.pause.atCalls)) pauses.push(await pauseAndResume(run));
  };
  const completed = pollUntil(() => isCompleted(run), { timeoutMs: profile.timeLimitMs, intervalMs: LOOK_EVERY_MS });
  const disturbed = Promise.all([killWhileClosed(), killAlong(), pauseOnce()]);
  if (!(await Promise.race([completed, disturbed.then(() => completed)]))) {
    const where = await eventually(() => describeRecipients(run.pool, run.batch.uuid), ANSWER_MAX_MS, LOOK_EVERY_MS);
    throw new Error(
      `The batch was not completed within ${profile.timeLimitMs / 1000} s: ${await describeBatch(run)}\n${where.join('\n')}`,
    );
  }
  say('completed');
  await disturbed;
  return pauses;
}

/** Waits for them. False when the time limit comes first. */
async function areCallsReached({ stack, profile }: Run, atCalls: number): Promise<boolean> {
  const isReached = async (): Promise<boolean> => (await readCallsAccepted(stack.carrierUrl)) >= atCalls;
  return (await pollUntil(isReached, { timeoutMs: profile.timeLimitMs, intervalMs: LOOK_EVERY_MS })) ?? false;
}

async function isCompleted({ pool, batch }: Run): Promise<boolean> {
  try {
    const { rows } = await pool.query<{ status: string }>('SELECT status FROM batches WHERE id = $1', [batch.uuid]);
    return rows[0]?.status === 'COMPLETED';
  } catch {
    return false; // PostgreSQL is down: that is what happens here
  }
}

/** The API may be down: asked again until it answers. A repeat that finds it done already is the answer. */
async function pauseAndResume({ call, batch, plan, say }: Run): Promise<Span> {
  const ask = async (action: string, done: string): Promise<void> => {
    try {
      await call('POST', `/v1/batches/${batch.id}/${action}`);
    } catch (err) {
      if (!(err instanceof ApiFailure && err.status === 409)) throw err;
      const { status } = await call<{ status: string }>('GET', `/v1/batches/${batch.id}`);
      if (status !== done) throw err;
    }
  };
  await eventually(() => ask('pause', 'PAUSED'), ANSWER_MAX_MS, LOOK_EVERY_MS);
  const fromMs = Date.now();
  say(`paused for ${plan.pause.lengthMs} ms`);
  await sleep(plan.pause.lengthMs);
  const untilMs = Date.now();
  await eventually(() => ask('resume', 'RUNNING'), ANSWER_MAX_MS, LOOK_EVERY_MS);
  say('resumed');
  return { fromMs, untilMs };
}

async function describeBatch({ pool, batch, stack }: Run): Promise<string> {
  const { rows } = await pool.query<{ status: string; status_reason: string | null }>(
    'SELECT status, status_reason FROM batches WHERE id = $1',
    [batch.uuid],
  );
  return `${rows[0]?.status} ${rows[0]?.status_reason ?? ''}; ${await readCallsAccepted(stack.carrierUrl)} calls accepted`;
}

async function judge(run: Run, pauses: Span[]): Promise<ChaosResult> {
  const { plan, profile, closing, pool, batch, stack, killer, dir } = run;
  const ledger = await untilQuiet(stack.carrierUrl);
  const rows = await readRows(pool, batch.uuid);
  const rules: Rules = {
    phones: plan.phones,
    concurrencyLimit: profile.concurrencyLimit,
    callsPerSecond: profile.callsPerSecond,
    retries: RETRIES,
    closings: closing ? [closing] : [],
    pauses,
  };
  const batchStatus = (await isCompleted(run)) ? 'COMPLETED' : 'not completed';
  const evidence: Evidence = { rules, batchStatus, ledger, ...rows };
  mkdirSync(dir, { recursive: true });
  writeFileSync(path.join(dir, 'evidence.json'), JSON.stringify(evidence));
  const struck = { faults: countFaults(ledger, plan.numberFaults), kills: killer.counts };
  return {
    problems: [...checkEvidence(evidence), ...findUntried(plan, struck, evidence)],
    table: tableOf(evidence, struck),
  };
}

/** Late and repeated webhooks go on after the batch is completed, and must change nothing. */
async function untilQuiet(carrierUrl: string): Promise<LedgerLine[]> {
  const deadlineMs = Date.now() + QUIET_MAX_MS;
  let ledger = await readLedgerLines(carrierUrl);
  for (;;) {
    await sleep(QUIET_MS);
    const later = await readLedgerLines(carrierUrl);
    if (JSON.stringify(later) === JSON.stringify(ledger) || Date.now() > deadlineMs) return later;
    ledger = later;
  }
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}
