import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { createApiClient, listAll, type ApiClient } from '../../dev/demo/api-client.js';
import { checkPromises, type RecipientResult } from '../../dev/demo/check-promises.js';
import { readLedger } from '../../dev/demo/read-ledger.js';
import { startStack, type Stack } from '../../dev/stack.js';
import { openDatabase } from '../../store/database.js';
import { ALL_DAY, type ShownBatch } from '../support/api.js';
import { eventually } from '../support/eventually.js';

/** Real processes, killed with SIGKILL in the middle of a batch and started again. */
const RECIPIENTS = 100;
const SLOTS = 60;
const KILL_AT = 75;
const BATCH_MAX_MS = 150_000;
/** Answers take a while, and webhooks come after the dial deadline: what was under way at a kill has to be asked for. */
const SLOW = { slowAnswer: 0.5, slowAnswerMs: 800, webhookDelayMs: 5_000 };

let stack: Stack;
let call: ApiClient;
/** What a run without a kill gives: the same every time, since the carrier draws outcomes by number. */
let unkilled: Awaited<ReturnType<typeof runBatch>>;
const dir = path.join(process.cwd(), '.data', `crash-${process.pid}`);

beforeAll(async () => {
  stack = await startStack({
    dir,
    concurrencyLimit: SLOTS,
    carrier: {
      seed: 'crash',
      setupMs: 5,
      ringMs: { min: 20, max: 60 },
      noAnswerRingMs: 300,
      callLength: { is: 'exponential', meanMs: 500 },
      analysisDelayMs: 10,
      faults: SLOW,
    },
    environment: {
      DIALWRIGHT_REQUEST_TIMEOUT_MS: '2000',
      DIALWRIGHT_SETTLE_INTERVAL_MS: '250',
      DIALWRIGHT_SETTLE_NEXT_LOOK_MS: '500',
      DIALWRIGHT_CONFIRM_DELAY_MS: '500',
    },
  });
  call = createApiClient(stack.apiUrl, stack.apiKey);
  const db = openDatabase({ url: stack.databaseUrl, connectionsMax: 1 });
  await db.prisma.providerAccount.updateMany({
    data: { ringLimitMs: 2_000, callLengthMaxMs: 4_000, settleDelayMs: 500 },
  });
  await db.close();
  unkilled = await runBatch();
}, 120_000 + BATCH_MAX_MS);
afterAll(async () => {
  await stack.stop();
  rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
}, 60_000);

it.each<[string, () => Promise<void>]>([
  ['the worker', async () => (await stack.worker.kill(), void (stack.worker = await stack.startWorker()))],
  ['the Temporal server', async () => (await killPid(stack.temporal!.pid), stack.restartTemporal())],
  ['PostgreSQL', async () => (await killPid(stack.database!.pid), stack.restartDatabase())],
  ['the API', async () => (await stack.api.kill(), void (stack.api = await stack.startApi()))],
])(
  'gives every recipient the outcome of an unkilled run, and calls nobody twice, when %s is killed and started again',
  async (_, killAndRestart) => {
    const killed = await runBatch(killAndRestart);
    expect(killed.outcomes).toEqual(unkilled.outcomes);
    expect(Object.keys(killed.outcomes)).toHaveLength(RECIPIENTS);
    expect(killed.problems).toEqual([]);
    expect(killed.numbersTwice).toEqual([]);
    // Whatever they reported of servers that went away: nobody's number, and no misuse of a connection.
    for (const name of ['api', 'worker'])
      expect(readFileSync(path.join(dir, `${name}.log`), 'utf8')).not.toMatch(/2025550\d{3}|DeprecationWarning/);
  },
  BATCH_MAX_MS,
);

/** Runs a batch on a fresh ledger; with `disturb`, in the middle of it. */
async function runBatch(disturb?: () => Promise<void>) {
  await fetch(`${stack.carrierUrl}/control/reset`, { method: 'POST' });
  const batch = await call<ShownBatch>('POST', '/v1/batches', {
    name: 'Crash',
    fromNumberId: stack.fromNumberId,
    timeZone: 'UTC',
    window: ALL_DAY,
    submit: true,
    recipients: Array.from({ length: RECIPIENTS }, (_, index) => ({
      phoneNumber: `+1202555${String(100 + index).padStart(4, '0')}`,
    })),
  });
  if (disturb) {
    await eventually(
      async () => expect((await readLedger(stack.carrierUrl)).length).toBeGreaterThanOrEqual(KILL_AT),
      60_000,
    );
    await disturb();
  }
  await eventually(
    async () => expect((await call<ShownBatch>('GET', `/v1/batches/${batch.id}`)).status).toBe('COMPLETED'),
    BATCH_MAX_MS,
    200,
  );
  const recipients: RecipientResult[] = [];
  const outcomes: Record<string, string> = {};
  for (const { id } of await listAll<{ id: string }>(call, `/v1/batches/${batch.id}/recipients`)) {
    const shown = await call<{
      phoneNumber: string;
      status: string;
      lastOutcome: string;
      attempts: RecipientResult['attempts'];
    }>('GET', `/v1/recipients/${id}`);
    recipients.push({ id, phone: shown.phoneNumber, status: shown.status, attempts: shown.attempts });
    outcomes[shown.phoneNumber] = `${shown.status} ${shown.lastOutcome}`;
  }
  const calls = await readLedger(stack.carrierUrl);
  const numbers = calls.map((accepted) => accepted.to);
  return {
    outcomes,
    problems: checkPromises({ calls, recipients, concurrencyLimit: SLOTS, isAllowedAt: () => true, pauses: [] }),
    numbersTwice: numbers.filter((number, index) => numbers.indexOf(number) !== index),
  };
}

async function killPid(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL');
  await eventually(() => {
    expect(isRunning(pid)).toBe(false);
  });
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
