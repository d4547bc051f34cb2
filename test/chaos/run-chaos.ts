import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { createApiClient, ApiFailure, type ApiClient } from '../../dev/demo/api-client.js';
import { pollUntil, sleep } from '../../dev/processes.js';
import { configureCarrier, startStack, type Stack } from '../../dev/stack.js';
import { eventually } from '../support/eventually.js';
import { checkEvidence } from './check-evidence.js';
import { countFaults } from './count-faults.js';
import { type Evidence, type Rules, type Span } from './evidence.js';
import { createKiller, type Killer } from './parts.js';
import { planChaos, planClosing, rangesWithout, type Plan, type Profile } from './plan.js';
import { carrierSettings, prepareAccount, type ProviderKind } from './provider.js';
import { describeRecipients, readCallsAccepted, readQuietLedger, readRows } from './read-evidence.js';
import { findUntried, tableOf } from './report.js';
import { RETRIES, retryPolicyOf } from './retries.js';
import { judgeOperations } from './operations/judge-operations.js';
import { OTHER_ACCOUNT } from './operations/key-ring.js';
import { planOperations, type OperationsPlan } from './operations/plan-operations.js';
import { runOperations } from './operations/run-operations.js';
import { sideNumberSettings } from './operations/side-numbers.js';
import type { Story } from './operations/story.js';
import { judgeNeighbour } from './neighbour/judge-neighbour.js';
import { moveIn, startNeighbourCarrier, type Neighbour } from './neighbour/move-in.js';
import { planNeighbour } from './neighbour/plan-neighbour.js';
import { runNeighbour, type Misbehaviour } from './neighbour/run-neighbour.js';

export type ChaosOptions = {
  seed: number;
  profile: Profile;
  provider: ProviderKind;
  /** Data, logs and evidence. */
  dir: string;
  /** Different operations at once, on other batches of the workspace. */
  operations?: boolean;
  /** Another workspace that misbehaves all the while. */
  neighbour?: boolean;
  say?: (text: string) => void;
};
/** `problems` holds one sentence per broken promise, and per fault or kill that did not strike often enough. */
export type ChaosResult = { problems: string[]; table: [string, string][] };

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
const ANSWER_MAX_MS = 300_000;
const LOOK_EVERY_MS = 200;

type Run = Omit<ChaosOptions, 'neighbour'> & {
  plan: Plan;
  operationsPlan: OperationsPlan | null;
  neighbour: Neighbour | null;
  stack: Stack;
  call: ApiClient;
  pool: pg.Pool;
  batch: { id: string; uuid: string };
  closing: Span;
  killer: Killer;
  say: (text: string) => void;
};

/** One batch from its creation to its end, with a lying carrier, while its processes are killed; then the check. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const { dir, seed, profile, provider, say = () => {} } = options;
  const plan = planChaos(seed, profile);
  const operationsPlan = options.operations ? planOperations(seed, profile) : null;
  const neighbourCarrier = options.neighbour ? await startNeighbourCarrier(seed, provider) : null;
  const stack = await startStack({
    dir,
    concurrencyLimit: profile.concurrencyLimit,
    carrier: { seed: String(seed) },
    environment: {
      ...ENVIRONMENT,
      ...(neighbourCarrier && { DIALWRIGHT_EGRESS_HOSTS: new URL(neighbourCarrier.url).host }),
    },
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
    const sideNumbers = operationsPlan ? sideNumberSettings(operationsPlan) : {};
    await configureCarrier(stack.carrierUrl, carrierSettings(plan, provider, sideNumbers));
    if (operationsPlan) await configureCarrier(stack.carrierUrl, { otherAccount: OTHER_ACCOUNT });
    const neighbourPlan = planNeighbour(seed, plan);
    const neighbour =
      neighbourCarrier && (await moveIn(stack, { plan: neighbourPlan, provider, carrier: neighbourCarrier, dir }));
    // Of both workspaces.
    await prepareAccount(pool, provider);
    await pool.query('UPDATE workspaces SET calls_per_second = $1', [profile.callsPerSecond]);
    const call = createApiClient(stack.apiUrl, stack.apiKey);
    const closing = planClosing(plan, Date.now());
    const batch = await startBatch({ stack, call }, plan, closing);
    const run: Run = { ...options, plan, operationsPlan, neighbour, stack, call, pool, batch, closing, killer, say };
    say(`batch ${batch.id}, closed from ${isoOf(closing.fromMs)} until ${isoOf(closing.untilMs)}`);
    const misbehaving = misbehave(run);
    const [pauses, stories] = await Promise.all([disturbUntilCompleted(run), operate(run)]);
    const misbehaviour = (await misbehaving?.stop()) ?? null;
    return await judge(run, { pauses, stories, misbehaviour });
  } finally {
    killer.stop();
    await pool.end().catch(() => {});
    await stack.stop();
    await neighbourCarrier?.stop();
  }
}

async function startBatch(
  { stack, call }: Pick<Run, 'stack' | 'call'>,
  plan: Plan,
  closing: Span,
): Promise<Run['batch']> {
  const ranges = rangesWithout(closing);
  const { id } = await call<{ id: string }>('POST', '/v1/batches', {
    name: 'Chaos',
    fromNumberId: stack.fromNumberId,
    timeZone: 'UTC',
    window: Object.fromEntries(WEEKDAYS.map((day) => [day, ranges])),
    retryPolicy: retryPolicyOf(RETRIES),
    circuitBreakers: NO_BREAKERS,
    recipients: plan.phones.map((phoneNumber) => ({ phoneNumber })),
    submit: true,
  });
  return { id, uuid: id.slice('bat_'.length) };
}

function misbehave({ neighbour, stack, batch }: Run): ReturnType<typeof runNeighbour> | null {
  const { carrierUrl, fromNumberId, providerAccountId } = stack;
  return (
    neighbour && runNeighbour({ neighbour, other: { batchId: batch.id, carrierUrl, fromNumberId, providerAccountId } })
  );
}

/** @returns what became of each pair of operations. @throws Error as `disturbUntilCompleted`, of their batches */
async function operate({
  operationsPlan,
  stack,
  pool,
  provider,
  profile,
  killer,
  say,
}: Run): Promise<(Story | null)[]> {
  if (!operationsPlan) return [];
  const deadlineMs = Date.now() + profile.timeLimitMs;
  const killsSoFar = (): number => Object.values(killer.counts).reduce((sum, times) => sum + times, 0);
  return runOperations(operationsPlan, stack, { pool, provider, deadlineMs, killsSoFar, say });
}

/** @returns the pauses. @throws Error that says where every recipient is when the batch does not end in time. */
async function disturbUntilCompleted(run: Run): Promise<Span[]> {
  const { profile, closing, killer, plan, say } = run;
  const pauses: Span[] = [];
  const killWhileClosed = async (): Promise<void> => {
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

type Happened = { pauses: Span[]; stories: (Story | null)[]; misbehaviour: Misbehaviour | null };

async function judge(run: Run, { pauses, stories, misbehaviour }: Happened): Promise<ChaosResult> {
  const { plan, profile, closing, pool, batch, stack, killer, dir } = run;
  const ledger = await readQuietLedger(stack.carrierUrl);
  const rows = await readRows(pool, batch.uuid);
  const rules: Rules = {
    phones: plan.phones,
    concurrencyLimit: profile.concurrencyLimit,
    callsPerSecond: profile.callsPerSecond,
    retries: RETRIES,
    closings: [closing],
    pauses,
  };
  const batchStatus = (await isCompleted(run)) ? 'COMPLETED' : 'not completed';
  const whole: Evidence = { rules, batchStatus, ledger, ...rows };
  const roundsMin = run.operationsPlan?.roundsMin;
  const judged = roundsMin === undefined ? null : await judgeOperations(pool, whole, { stories, roundsMin });
  const evidence = judged?.evidence.main ?? whole;
  mkdirSync(dir, { recursive: true });
  writeFileSync(path.join(dir, 'evidence.json'), JSON.stringify(judged?.evidence ?? evidence));
  const struck = { faults: countFaults(evidence.ledger, plan.numberFaults), kills: killer.counts };
  const beside =
    run.neighbour && misbehaviour
      ? await judgeNeighbour(pool, run.neighbour, { ...misbehaviour, kills: killer.spans })
      : null;
  if (beside) writeFileSync(path.join(dir, 'neighbour.json'), JSON.stringify(beside.evidence));
  const untried = findUntried(plan, struck, evidence);
  const further = [judged, beside].filter((one) => one !== null);
  const problems = [...checkEvidence(evidence), ...untried, ...further.flatMap((one) => one.problems)];
  return {
    problems: [...new Set(problems)],
    table: [...tableOf(evidence, struck), ...further.flatMap((one) => one.table)],
  };
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}
