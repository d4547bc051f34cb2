import path from 'node:path';
import { withStack, type BenchStack } from './bench-stack.js';
import { createDraft, memoryMbOf, ROWS, startMemoryMeter, uploadFile, writeImportFile } from './import-load.js';
import type { Row, Story, StoryOptions } from './story.js';

const UPLOADS = 4;
const MEGABYTE = 1_048_576;

export const uploads: Story = {
  name: 'uploads',
  what: `${UPLOADS} uploads of ${ROWS.toLocaleString('en')} rows at once: all succeed, and the API's memory above idle; how long the slowest refusal takes`,
  run: (options) => withStack({ dir: options.dir, slots: 20, carrier: {} }, (bench) => measure(bench, options)),
};

async function measure(bench: BenchStack, { dir, say }: StoryOptions): Promise<Row[]> {
  const file = path.join(dir, 'import.csv');
  await writeImportFile(file);
  const refusedMs = await refuseAll(bench, say);
  const batchIds = await Promise.all(
    Array.from({ length: UPLOADS }, (_, index) => createDraft(bench, `Import ${index}`)),
  );
  const idleMb = memoryMbOf(bench.stack.api.pid);
  const memory = startMemoryMeter(bench.stack.api.pid);
  const results = await Promise.allSettled(batchIds.map((batchId) => uploadFile(bench, batchId, file)));
  const mostMb = memory.stop();
  const complete = results.filter(
    (result) => result.status === 'fulfilled' && result.value.shown.acceptedRows === ROWS,
  );
  for (const result of results) if (result.status === 'rejected') say(String(result.reason));
  const tookMs = results.map((result) => (result.status === 'fulfilled' ? result.value.ms : NaN));
  say(`answered after ${tookMs.map((ms) => `${(ms / 1000).toFixed(1)} s`).join(', ')}`);
  say(`resident memory of the API: idle ${idleMb.toFixed(0)} MB, at most ${mostMb.toFixed(0)} MB`);
  return [
    { label: 'complete', value: complete.length, unit: 'uploads', bar: UPLOADS, better: 'higher' },
    { label: 'memory', value: mostMb - idleMb, unit: 'MB', bar: 200, better: 'lower' },
    { label: 'slowest refusal', value: refusedMs, unit: 'ms', bar: 2_000, better: 'lower' },
  ];
}

/** Files that hold nobody, one after the other. @returns how long the slowest was waited for, in milliseconds */
async function refuseAll(bench: BenchStack, say: (text: string) => void): Promise<number> {
  const batchId = await createDraft(bench, 'Refused');
  const headers = Buffer.from('phone_number,name\n');
  const files: Record<string, Buffer> = {
    '50 MB without a line end': Buffer.alloc(50 * MEGABYTE, 'x'),
    '50 MB without a line end below headers': Buffer.concat([headers, Buffer.alloc(50 * MEGABYTE - 100, 'x')]),
    '51 MB': Buffer.concat([headers, Buffer.alloc(51 * MEGABYTE, '+12025550111,Ada\n')]),
    'a zip': Buffer.concat([Buffer.from('PK\u0003\u0004'), Buffer.alloc(MEGABYTE, 7)]),
    '1,001 columns': Buffer.from(`phone_number${',c'.repeat(1_000)}\n`),
  };
  const tookMs: number[] = [];
  for (const [what, content] of Object.entries(files)) {
    const form = new FormData();
    form.append('file', new Blob([new Uint8Array(content)], { type: 'text/csv' }), 'people.csv');
    const startMs = performance.now();
    const res = await fetch(`${bench.stack.apiUrl}/v1/batches/${batchId}/imports`, {
      method: 'POST',
      headers: { authorization: `Bearer ${bench.stack.apiKey}` },
      body: form,
    });
    tookMs.push(performance.now() - startMs);
    // A row that is too long is rejected alone, and the file stays under review with nobody in it.
    const { acceptedRows = 0 } = (await res.json()) as { acceptedRows?: number };
    if (acceptedRows > 0) throw new Error(`of ${what} ${acceptedRows} rows were accepted`);
    say(`${what}: ${res.status} after ${(performance.now() - startMs).toFixed(0)} ms`);
  }
  return Math.max(...tookMs);
}
