import path from 'node:path';
import { withStack, type BenchStack } from './bench-stack.js';
import { createDraft, memoryMbOf, ROWS, startMemoryMeter, uploadFile, writeImportFile } from './import-load.js';
import type { Row, Story, StoryOptions } from './story.js';

const UPLOADS = 4;

export const uploads: Story = {
  name: 'uploads',
  what: `${UPLOADS} uploads of ${ROWS.toLocaleString('en')} rows at once: all succeed, and the API's memory above idle`,
  run: (options) => withStack({ dir: options.dir, slots: 20, carrier: {} }, (bench) => measure(bench, options)),
};

async function measure(bench: BenchStack, { dir, say }: StoryOptions): Promise<Row[]> {
  const file = path.join(dir, 'import.csv');
  await writeImportFile(file);
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
    { label: 'memory', value: mostMb - idleMb, unit: 'MB', bar: 600, better: 'lower' },
  ];
}
