import { rmSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createApiClient, listAll, type ApiClient } from './api-client.js';
import type { Batch } from './batch.js';
import { checkPromises, type RecipientResult } from './check-promises.js';
import { demoHours, type DemoHours } from './demo-hours.js';
import { pollUntil, projectRoot } from '../processes.js';
import { printOutcomes, printProgress, printRejected, say } from './demo-print.js';
import { readLedger } from './read-ledger.js';
import type { Stack } from '../stack.js';
import { lockOrEnd, startOrEnd } from '../start-or-end.js';
import { stopOnSignal } from '../stop-on-signal.js';

/** `npm run demo`: uploads a CSV, calls everyone in it through the simulated carrier, and checks what the carrier saw. */
const CSV = path.join(projectRoot, 'examples', 'recipients.csv');
const DIR = path.join(projectRoot, '.data', 'demo');
const CONCURRENCY = 40;
/** A call of a minute takes one second. */
const CARRIER_SPEED = 60;
const PAUSE_AT_SHARE = 0.35;
const PAUSE_MS = 2_000;
const BATCH_MAX_MS = 180_000;

type ImportResult = { id: string; totalRows: number; acceptedRows: number; rejectedRows: number };

if (process.argv.length > 2) {
  console.log(
    'Uploads a CSV, calls everybody in it through a simulated carrier, and checks what it saw: npm run demo. It takes no arguments.',
  );
  process.exit(process.argv[2] === '--help' ? 0 : 1);
}
const signal = stopOnSignal();
const lock = lockOrEnd('demo');
// A demo begins from nothing each time.
rmSync(DIR, { recursive: true, force: true, maxRetries: 3 });
say('Starting PostgreSQL, Temporal, the simulated carrier, the API and a worker');
const stack = await startOrEnd({
  dir: DIR,
  concurrencyLimit: CONCURRENCY,
  carrier: { speed: CARRIER_SPEED, seed: 'demo' },
});
lock.announce(stack.apiUrl);
const outcome = await Promise.race([
  runDemo(stack).catch((err: unknown) => [String(err)]),
  signal.received.then(() => ['Stopped before the end.']),
]);
await stack.stop();
for (const problem of outcome) console.error(`✗ ${problem}`);
process.exit(outcome.length === 0 ? 0 : 1);

/** @returns what went wrong; empty when every promise was kept. */
async function runDemo({ apiUrl, apiKey, fromNumberId, carrierUrl, temporalUiUrl }: Stack): Promise<string[]> {
  const call = createApiClient(apiUrl, apiKey);
  const hours = demoHours(Date.now());
  const batch = await call<Batch>('POST', '/v1/batches', {
    name: 'Appointment reminders',
    fromNumberId,
    timeZone: hours.timeZone,
    window: hours.window,
    start: 'now',
  });
  say(`Uploading examples/recipients.csv into ${batch.id}`);
  const upload = await uploadCsv(call, batch.id);
  say(`${upload.totalRows} rows: ${upload.acceptedRows} accepted, ${upload.rejectedRows} rejected`);
  await printRejected(call, upload.id);

  await call('POST', `/v1/batches/${batch.id}/submit`);
  say(`Calling, every day from 09:00 to 18:00 in ${hours.timeZone}, at most ${CONCURRENCY} at a time`);
  const pause = await pauseOnTheWay(call, batch.id);
  const done = await untilStatus(call, batch.id, (shown) =>
    ['COMPLETED', 'CANCELLED', 'FAILED', 'PAUSED'].includes(shown.status),
  );
  printOutcomes(done.counters);
  return checkDemo({ call, done, hours, carrierUrl, pause, temporalUiUrl, expected: upload.acceptedRows });
}

async function uploadCsv(call: ApiClient, batchId: string): Promise<ImportResult> {
  const form = new FormData();
  form.append('file', new Blob([readFileSync(CSV)], { type: 'text/csv' }), 'recipients.csv');
  return call('POST', `/v1/batches/${batchId}/imports?autoConfirm=true`, form);
}

/** Pauses once in the middle. @returns from the answer to the pause until the resume is asked for. */
async function pauseOnTheWay(call: ApiClient, batchId: string): Promise<{ fromMs: number; untilMs: number }> {
  await untilStatus(
    call,
    batchId,
    ({ counters }) => (counters.attempts['sent'] ?? 0) >= counters.recipients.total * PAUSE_AT_SHARE,
  );
  await call('POST', `/v1/batches/${batchId}/pause`);
  const fromMs = Date.now();
  say('Paused: calls that are live go on, no other starts');
  await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  const untilMs = Date.now();
  await call('POST', `/v1/batches/${batchId}/resume`);
  say('Resumed');
  return { fromMs, untilMs };
}

async function untilStatus(call: ApiClient, batchId: string, isReached: (batch: Batch) => boolean): Promise<Batch> {
  const look = async (): Promise<Batch | null> => {
    const batch = await call<Batch>('GET', `/v1/batches/${batchId}`);
    printProgress(batch);
    return isReached(batch) ? batch : null;
  };
  const reached = await pollUntil(look, { timeoutMs: BATCH_MAX_MS, intervalMs: 200 });
  if (!reached) throw new Error(`The batch did not get on within ${BATCH_MAX_MS / 1000} s. Logs are in .data/demo.`);
  return reached;
}

type Finished = {
  call: ApiClient;
  done: Batch;
  hours: DemoHours;
  carrierUrl: string;
  pause: { fromMs: number; untilMs: number };
  temporalUiUrl: string | null;
  expected: number;
};

async function checkDemo({ call, done, hours, carrierUrl, pause, expected }: Finished): Promise<string[]> {
  const listed = await listAll<{ id: string }>(call, `/v1/batches/${done.id}/recipients`);
  const recipients: RecipientResult[] = [];
  for (const { id } of listed) {
    const { phoneNumber, status, attempts } = await call<{
      phoneNumber: string;
      status: string;
      attempts: RecipientResult['attempts'];
    }>('GET', `/v1/recipients/${id}`);
    recipients.push({ id, phone: phoneNumber, status, attempts });
  }
  const calls = await readLedger(carrierUrl);
  const problems = checkPromises({
    calls,
    recipients,
    concurrencyLimit: CONCURRENCY,
    isAllowedAt: hours.isAllowedAt,
    pauses: [pause],
  });
  if (done.status !== 'COMPLETED') problems.push(`The batch ended ${done.status}, not COMPLETED`);
  if (recipients.length !== expected)
    problems.push(`Lost: ${expected} rows were accepted, but the batch has ${recipients.length} recipients`);
  if (problems.length > 0) return problems;
  say(`Checked against the carrier's ledger: ${calls.length} calls to ${recipients.length} recipients.`);
  say(
    '  ✓ nobody was called twice   ✓ nobody was lost   ✓ no call outside the hours or during the pause   ✓ never over the limit',
  );
  say(
    "Next: npm start keeps everything running, with API docs and Temporal's UI. README.md says where to look in the code.",
  );
  return [];
}
