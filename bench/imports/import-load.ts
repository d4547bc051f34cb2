import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot, sleep } from '../../dev/processes.js';
import type { BenchStack } from '../bench-stack.js';
import type { BareImport } from '../baselines/bare-import.js';

/** What the import stories share: how long the file is, and what to watch meanwhile. */
export const ROWS = Number(process.env['BENCH_IMPORT_ROWS'] ?? 1_000_000);

const SAMPLE_MS = 25;

/** The bare import of the same file into the same server, in a process of its own. */
export async function runBareImport({ stack }: BenchStack, file: string): Promise<BareImport> {
  const main = path.join(projectRoot, 'bench/baselines/bare-import.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', main, file, stack.databaseUrl], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`The bare import ended with ${code}`);
  return JSON.parse(text) as BareImport;
}

/** Resident memory of a process in MB, as the kernel tells it. */
export function memoryMbOf(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1024;
}

/** Watches the most memory that a process has had. */
export function startMemoryMeter(pid: number): { mostMb(): number; stop(): number } {
  let mostMb = memoryMbOf(pid);
  const timer = setInterval(() => (mostMb = Math.max(mostMb, memoryMbOf(pid))), SAMPLE_MS);
  return {
    mostMb: () => mostMb,
    stop() {
      clearInterval(timer);
      return mostMb;
    },
  };
}

/** Somebody else's work meanwhile: one request after the other, with a pause between. */
export function startOtherClient({ call }: BenchStack, path_: string): { stop(): Promise<number[]> } {
  const tookMs: number[] = [];
  let stopped = false;
  const done = (async () => {
    while (!stopped) {
      const sentMs = performance.now();
      await call('GET', path_);
      tookMs.push(performance.now() - sentMs);
      await sleep(SAMPLE_MS);
    }
  })();
  return {
    async stop() {
      stopped = true;
      await done;
      return tookMs;
    },
  };
}
