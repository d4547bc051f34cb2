import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isAlive, pollUntil, sleep } from '../dev/processes.js';
import type { RunningProcess } from '../dev/child-process.js';
import { startBatch, withStack, type BenchBatch, type BenchStack } from './bench-stack.js';
import { slowDown, startBusyLoops, type Hindrance } from './hinder.js';
import type { Row, Story } from './story.js';

const SLOTS = 60;
const CALL_MS_MEAN = 3_000;
/** More than a row lasts: a batch must never run out. */
const CALLS = 5_000;
/** Dialling goes on for at least this long between two kills, and a little longer each time, so that kills hit different moments of every loop. */
const CALM_MS = 4_000;
const CALM_STEP_MS = 170;
/** A claim that PostgreSQL had received when the worker was killed is committed by then; a new worker takes longer to boot. */
const LAST_CLAIM_MS = 150;
/** Long enough for lanes that wait in the worker to be used up, so that what dials next has been through Temporal again. */
const DOWN_MS = 2_000;
/** Dialling goes on when this many calls, about a second's worth, follow each other without a longer gap. */
const STRETCH_CALLS = 20;
const GAP_MS_MAX = 500;
const TIMEOUT_MS = 60_000;

type Run = BenchStack & { batch: BenchBatch; dir: string };
/** `beside`: what makes it harder while the row is measured. */
type Kill = {
  label: string;
  times: number;
  bar: number;
  beside?: () => Hindrance;
  once(run: Run): Promise<number>;
};

export const recover: Story = {
  name: 'recover',
  what: `kill -9 of the worker (calm, beside two busy loops, with a third of a core), of Temporal, of PostgreSQL, until dialling goes on; ${SLOTS} slots, calls of ${CALL_MS_MEAN / 1000} s on average`,
  run: ({ dir, say }) =>
    // A carrier that keeps trying to report: what is lost for good while PostgreSQL is away is another story.
    withStack(
      {
        dir,
        slots: SLOTS,
        carrier: {
          callLength: { is: 'exponential', meanMs: CALL_MS_MEAN },
          webhookTriesMax: 10,
          webhookRetryDelayMs: 200,
        },
      },
      async (bench) => {
        const rows: Row[] = [];
        for (const kill of killsOf(bench)) {
          const { label, bar } = kill;
          // Numbers of their own: calls of the batch before go on for a while.
          const batch = await startBatch(bench, label, CALLS, rows.length * CALLS);
          const hindrance = kill.beside?.();
          try {
            const waits = await repeat(kill, { ...bench, dir, batch });
            say(`${label}: dialling again after ${waits.map((wait) => wait.toFixed(2)).join(', ')} s`);
            rows.push({ label, value: Math.max(...waits), unit: 's', bar, better: 'lower' });
          } finally {
            hindrance?.stop();
          }
          await bench.call('POST', `/v1/batches/${batch.id}/cancel`, {});
        }
        return rows;
      },
    ),
};

/** Seconds until dialling went on, of each kill. */
async function repeat({ times, once }: Kill, run: Run): Promise<number[]> {
  const waits: number[] = [];
  for (let kill = 0; kill < times; kill++) {
    await sleep(CALM_MS + kill * CALM_STEP_MS);
    waits.push((await once(run)) / 1000);
  }
  return waits;
}

function killsOf({ stack }: BenchStack): Kill[] {
  let worker: RunningProcess = stack.worker;
  let slowed: Hindrance | undefined;
  const killWorker = async (run: Run, onSpawn?: (pid: number) => void): Promise<number> => {
    const killedMs = Date.now();
    await worker.kill();
    const goneMs = Date.now();
    const restarted = stack.startWorker(onSpawn);
    const dialMs = await dialsAgainAfter(run, goneMs + LAST_CLAIM_MS);
    worker = await restarted;
    return dialMs - killedMs;
  };
  /** Slowed down from its first instruction on: the start counts. */
  const killSlowWorker = (run: Run): Promise<number> => killWorker(run, (pid) => (slowed = slowDown(pid)));
  return [
    { label: 'worker', times: 20, bar: 4, once: (run) => killWorker(run) },
    { label: 'worker-beside-two', times: 10, bar: 10, beside: () => startBusyLoops(2), once: (run) => killWorker(run) },
    {
      label: 'worker-third-of-a-core',
      times: 5,
      bar: 15,
      beside: () => ({ stop: () => slowed?.stop() }),
      once: killSlowWorker,
    },
    { label: 'Temporal', times: 10, bar: 2, once: killTemporal },
    { label: 'PostgreSQL', times: 10, bar: 2, once: killDatabase },
  ];
}

async function killTemporal(run: Run): Promise<number> {
  await killServer(JSON.parse(readFileSync(path.join(run.dir, 'temporal.db.server.json'), 'utf8')).pid);
  await sleep(DOWN_MS);
  await run.stack.restartTemporal();
  const backMs = Date.now();
  return (await dialsAgainAfter(run, backMs)) - backMs;
}

async function killDatabase(run: Run): Promise<number> {
  await killServer(Number(readFileSync(path.join(run.dir, 'pg', 'postmaster.pid'), 'utf8').split('\n', 1)[0]));
  await run.stack.restartDatabase();
  const backMs = Date.now();
  return (await dialsAgainAfter(run, backMs)) - backMs;
}

async function killServer(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL');
  await pollUntil(() => !isAlive(pid), { timeoutMs: TIMEOUT_MS, intervalMs: 5 });
}

/**
 * When dialling went on after `afterMs`, by the machine's clock: the first call of a stretch without a gap. One call that a
 * left-over lane places, with silence after it, is not "dialling again".
 */
async function dialsAgainAfter({ pool, batch }: Run, afterMs: number): Promise<number> {
  const sql = `SELECT extract(epoch FROM dialing_at)::float8 * 1000 AS ms FROM attempts
    WHERE batch_id = $1 AND dialing_at > to_timestamp($2::float8 / 1000) ORDER BY dialing_at LIMIT 1000`;
  const look = async (): Promise<number | undefined> => {
    const { rows } = await pool.query<{ ms: number }>(sql, [batch.uuid, afterMs]);
    return startOfStretch(rows.map((row) => row.ms));
  };
  const dialMs = await pollUntil(look, { timeoutMs: TIMEOUT_MS, intervalMs: 100 });
  if (dialMs === undefined) throw new Error(`Dialling did not go on within ${TIMEOUT_MS / 1000} s of a kill`);
  return dialMs;
}

function startOfStretch(dials: readonly number[]): number | undefined {
  const hasGap = (from: number): boolean =>
    dials
      .slice(from, from + STRETCH_CALLS)
      .some((dialMs, index, stretch) => dialMs - (stretch[index - 1] ?? dialMs) > GAP_MS_MAX);
  return dials.find((_, index) => index + STRETCH_CALLS <= dials.length && !hasGap(index));
}
