import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, createWriteStream, readFileSync, statSync } from 'node:fs';
import { request } from 'node:http';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ApiFailure } from '../../dev/demo/api-client.js';
import { projectRoot, sleep } from '../../dev/processes.js';
import { WINDOW, type BenchStack } from '../bench-stack.js';
import type { BareImport } from '../baselines/bare-import.js';

/** What the import stories share: the file, its upload, and what to watch meanwhile. */
export const ROWS = Number(process.env['BENCH_IMPORT_ROWS'] ?? 1_000_000);

const FIRST_NUMBER = 12_122_200_000;
const CITIES = ['London', 'New York', 'San José', 'Praha', 'Córdoba', 'Kraków', 'Paris', 'Oslo'];
const SAMPLE_MS = 25;
const BOUNDARY = 'dialwright-bench';

/** A million recipients in 45 MB, every number different and valid. */
export async function writeImportFile(file: string, rows = ROWS): Promise<void> {
  const out = createWriteStream(file);
  out.write('phone_number,name,city,appointment\n');
  let lines = '';
  for (let row = 0; row < rows; row++) {
    const city = CITIES[row % CITIES.length] ?? '';
    lines += `+${FIRST_NUMBER + row},Person ${row},${city},2026-12-01\n`;
    if (lines.length < 1_000_000) continue;
    if (!out.write(lines)) await once(out, 'drain');
    lines = '';
  }
  out.end(lines);
  await once(out, 'finish');
}

export type ShownImport = {
  id: string;
  status: string;
  rowsOutstanding: boolean;
  totalRows: number;
  acceptedRows: number;
  rejectedRows: number;
  movedRows: number;
};

/** A draft to import into. */
export async function createDraft({ stack, call }: BenchStack, name: string): Promise<string> {
  const body = { name, fromNumberId: stack.fromNumberId, timeZone: 'UTC', window: WINDOW, start: 'now' };
  return (await call<{ id: string }>('POST', '/v1/batches', body)).id;
}

/**
 * Sends the file as a browser does, straight from disk. @returns the import under review, and how long that took
 * @throws ApiFailure for any other answer
 */
export async function uploadFile({ stack }: BenchStack, batchId: string, file: string) {
  const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="bench.csv"\r\nContent-Type: text/csv\r\n\r\n`;
  const tail = `\r\n--${BOUNDARY}--\r\n`;
  const startMs = performance.now();
  const req = request(`${stack.apiUrl}/v1/batches/${batchId}/imports`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${stack.apiKey}`,
      'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
      'content-length': head.length + statSync(file).size + tail.length,
    },
  });
  const answered = once(req, 'response');
  req.write(head);
  await pipeline(createReadStream(file), req, { end: false });
  req.end(tail);
  const [res] = await answered;
  let text = '';
  for await (const chunk of res.setEncoding('utf8')) text += chunk;
  if (res.statusCode !== 201) throw new ApiFailure(res.statusCode, JSON.parse(text) as ApiFailure['problem']);
  return { shown: JSON.parse(text) as ShownImport, ms: performance.now() - startMs };
}

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
export function startMemoryMeter(pid: number): { stop(): number } {
  let mostMb = memoryMbOf(pid);
  const timer = setInterval(() => (mostMb = Math.max(mostMb, memoryMbOf(pid))), SAMPLE_MS);
  return {
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
