import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isAlive, sleep } from '../../dev/processes.js';
import type { Stack } from '../../dev/stack.js';
import { eventually } from '../support/eventually.js';
import type { Span } from './evidence.js';
import { PARTS, type Kill, type Part } from './plan.js';

/** A part that cannot start while another is down, or on a busy machine, is tried again, as a supervisor would. */
const RESTART_MAX_MS = 300_000;
const RESTART_RETRY_MS = 500;

export type Killer = {
  /** `kill -9`, a while of nothing, and a start. One at a time. */
  killAndRestart(kill: Kill): Promise<void>;
  counts: Record<Part, number>;
  /** From each kill until its parts answered again. */
  spans: Span[];
  /** Whatever is still planned is left alone: the run is over. */
  stop(): void;
};

export function createKiller(stack: Stack, { dir, say }: { dir: string; say: (text: string) => void }): Killer {
  const counts: Record<Part, number> = { database: 0, temporal: 0, api: 0, worker: 0 };
  const spans: Span[] = [];
  let turn: Promise<void> = Promise.resolve();
  let isStopped = false;
  const kill: Record<Part, () => Promise<void>> = {
    worker: () => stack.worker.kill(),
    api: () => stack.api.kill(),
    temporal: () => killPid(JSON.parse(readFileSync(path.join(dir, 'temporal.db.server.json'), 'utf8')).pid),
    database: () => killPid(Number(readFileSync(path.join(dir, 'pg', 'postmaster.pid'), 'utf8').split('\n', 1)[0])),
  };
  const restart: Record<Part, () => Promise<void>> = {
    worker: async () => void (stack.worker = await stack.startWorker()),
    api: async () => void (stack.api = await stack.startApi()),
    temporal: () => stack.restartTemporal(),
    database: () => stack.restartDatabase(),
  };

  async function killNow({ parts, downMs }: Kill): Promise<void> {
    if (isStopped) return;
    say(`kill -9 ${parts.join(' and ')}, down for ${downMs} ms`);
    const span: Span = { fromMs: Date.now(), untilMs: Infinity };
    spans.push(span);
    await Promise.all(parts.map((part) => kill[part]()));
    for (const part of parts) counts[part]++;
    await sleep(downMs);
    // Servers before what needs them.
    for (const part of PARTS.filter((candidate) => parts.includes(candidate)))
      if (!isStopped) await eventually(restart[part], RESTART_MAX_MS, RESTART_RETRY_MS);
    span.untilMs = Date.now();
  }

  return {
    counts,
    spans,
    killAndRestart(next) {
      turn = turn.then(() => killNow(next));
      return turn;
    },
    stop: () => void (isStopped = true),
  };
}

async function killPid(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL');
  await eventually(() => {
    if (isAlive(pid)) throw new Error(`${pid} is still there`);
  });
}
