import http from 'node:http';
import { pollUntil, sleep } from '../../dev/processes.js';
import { WEEKDAYS } from '../../domain/hours/window.js';
import { startBatch, withStack, type BenchStack } from '../bench-stack.js';
import { cpuSecondsOf } from '../machine-load.js';
import { percentileOf } from '../percentile.js';
import type { Row, Story } from '../story.js';

const LISTENERS = 300;
const QUIET_MS = 60_000;
const CALM_MS = 10_000;
const ROUNDS = 20;
/** After so long nothing is told any more of the change before. */
const QUIET_BEFORE_MS = 1_500;
const HEARD_MAX_MS = 10_000;

/** A client that listens: when it last heard of a batch in a status, on the clock of `performance.now()`. */
type Listener = { heard: Map<string, number>; close(): void };

export const listeners: Story = {
  name: 'listeners',
  what: `${LISTENERS} clients that listen beside an open batch: what they cost while nothing happens, and how soon they hear of a change after quiet`,
  run: ({ dir, say }) =>
    withStack({ dir, slots: 2, carrier: { callLength: { is: 'fixed', ms: 300 } } }, async (bench) => {
      const closed = await openBatch(bench);
      await sleep(CALM_MS);
      const without = await coresUsed();
      say(`without listeners: ${without.toFixed(3)} of a core`);
      const all = await Promise.all(Array.from({ length: LISTENERS }, () => listen(bench)));
      await sleep(CALM_MS);
      const quiet = (await coresUsed()) - without;
      say(`${LISTENERS} listeners, quiet: ${quiet.toFixed(3)} of a core more`);
      const statusMs = await changesHeard(bench, all, closed);
      const callMs = await callsHeard(bench, all);
      for (const { close } of all) close();
      return [
        { label: 'quiet', value: quiet, unit: 'cores', bar: 0.2, better: 'lower' },
        row('change heard p95', statusMs),
        row('first call heard p95', callMs),
      ];
    }),
};

function row(label: string, values: readonly number[]): Row {
  return { label, value: percentileOf(values, 95), unit: 'ms', bar: 500, better: 'lower' };
}

/** A batch that is running, and whose hours do not open today. @returns its id */
async function openBatch({ call, stack }: BenchStack): Promise<string> {
  const later = WEEKDAYS[(new Date().getUTCDay() + 2) % 7]!; // a day that is neither today nor tomorrow
  const { id } = await call<{ id: string }>('POST', '/v1/batches', {
    name: 'Open',
    fromNumberId: stack.fromNumberId,
    timeZone: 'UTC',
    window: { [later]: [['09:00', '10:00']] },
    start: 'now',
    submit: true,
    recipients: [{ phoneNumber: '+12125550100' }],
  });
  const isRunning = async (): Promise<boolean> =>
    (await call<{ status: string }>('GET', `/v1/batches/${id}`)).status === 'RUNNING';
  if (!(await pollUntil(isRunning, { timeoutMs: 30_000, intervalMs: 100 }))) throw new Error(`${id} was not started`);
  return id;
}

/** Of all our processes together, servers and this one included. */
async function coresUsed(): Promise<number> {
  const before = cpuSecondsOf(process.pid);
  await sleep(QUIET_MS);
  const after = cpuSecondsOf(process.pid);
  return before === null || after === null ? NaN : (after - before) / (QUIET_MS / 1000);
}

/** The batch is renamed, again and again: from the request to the event, for each who listens. */
async function changesHeard({ call }: BenchStack, all: readonly Listener[], id: string): Promise<number[]> {
  const tookMs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await sleep(QUIET_BEFORE_MS);
    const name = `Renamed ${round}`;
    const sentMs = performance.now();
    await call('POST', `/v1/batches/${id}/rename`, { name });
    tookMs.push(...(await untilHeard(all, `${id} name ${name}`)).map((heardMs) => heardMs - sentMs));
  }
  return tookMs;
}

/** A batch of one recipient is sent: from the moment at which the carrier has its call, to the event that counts it. */
async function callsHeard(bench: BenchStack, all: readonly Listener[]): Promise<number[]> {
  const tookMs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await sleep(QUIET_BEFORE_MS);
    const batch = await startBatch(bench, `Call ${round}`, 1, round);
    const heardMs = await untilHeard(all, `${batch.id} sent 1`);
    const { rows } = await bench.pool.query<{ ms: number }>(
      'SELECT extract(epoch FROM accepted_at)::float8 * 1000 AS ms FROM attempts WHERE batch_id = $1',
      [batch.uuid],
    );
    const acceptedMs = (rows[0]?.ms ?? NaN) - performance.timeOrigin;
    tookMs.push(...heardMs.map((ms) => ms - acceptedMs));
  }
  return tookMs;
}

async function untilHeard(all: readonly Listener[], what: string): Promise<number[]> {
  const deadlineMs = performance.now() + HEARD_MAX_MS;
  while (!all.every(({ heard }) => heard.has(what))) {
    if (performance.now() > deadlineMs) throw new Error(`not everybody has heard: ${what}`);
    await sleep(20);
  }
  return all.map(({ heard }) => heard.get(what)!); // everybody has
}

function listen({ stack }: BenchStack): Promise<Listener> {
  const headers = { authorization: `Bearer ${stack.apiKey}` };
  return new Promise((resolve, reject) => {
    const heard = new Map<string, number>();
    const req = http.get(`${stack.apiUrl}/v1/events`, { headers, agent: false }, (res) => {
      let text = '';
      res.setEncoding('utf8');
      res.on('data', (chunk: string) => {
        const parts = (text + chunk).split('\n\n');
        text = parts.pop() ?? '';
        for (const part of parts) note(heard, part);
        if (heard.has('ready')) resolve({ heard, close: () => req.destroy() });
      });
      res.on('error', () => {});
    });
    req.on('error', reject);
  });
}

/** What tells the changes of this story: not parsed, since all listeners share this process. */
function note(heard: Map<string, number>, part: string): void {
  const nowMs = performance.now();
  if (part.includes('event: ready')) heard.set('ready', nowMs);
  const [, id] = /"id":"(bat_\w+)"/.exec(part) ?? [];
  if (id === undefined || !part.includes('event: batch')) return;
  const [, name] = /"name":"(Renamed \d+)"/.exec(part) ?? [];
  const [, sent] = /"sent":(\d+)/.exec(part) ?? [];
  for (const what of [`${id} name ${name}`, `${id} sent ${sent}`]) if (!heard.has(what)) heard.set(what, nowMs);
}
