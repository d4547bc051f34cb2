import path from 'node:path';
import { sleep } from '../../dev/processes.js';
import { withStack, type BenchStack } from '../bench-stack.js';
import { createDraft, uploadFile, writeImportFile, type ShownImport } from '../../test/support/upload-file.js';
import { memoryMbOf, ROWS, runBareImport, startMemoryMeter, startOtherClient } from './import-load.js';
import { percentileOf } from '../percentile.js';
import { median, type Row, type Story, type StoryOptions } from '../story.js';

const ROUNDS = 3;
const POLL_MS = 250;
const CONFIRM_MAX_MS = 600_000;

export const importStory: Story = {
  name: 'import',
  what: `${ROWS.toLocaleString('en')} rows through the API ÷ the bare pipeline (csv-parse, phone check, COPY), ${ROUNDS} alternating rounds`,
  run: (options) => withStack({ dir: options.dir, slots: 20, carrier: {} }, (bench) => measure(bench, options)),
};

async function measure(bench: BenchStack, { dir, say }: StoryOptions): Promise<Row[]> {
  const file = path.join(dir, 'import.csv');
  await writeImportFile(file, ROWS);
  const other = await createDraft(bench, 'Of another client');
  await bench.call('GET', `/v1/batches/${other}`);
  const idleMb = memoryMbOf(bench.stack.api.pid);
  const memory = startMemoryMeter(bench.stack.api.pid);
  const ratios: number[] = [];
  const othersMs: number[] = [];
  const bareMs: number[] = [];
  let shown: ShownImport | null = null;
  for (let round = 1; round <= ROUNDS; round++) {
    const quiet = startOtherClient(bench, `/v1/batches/${other}`);
    const bare = await runBareImport(bench, file);
    bareMs.push(...(await quiet.stop()));
    const batchId = await createDraft(bench, `Import ${round}`);
    const client = startOtherClient(bench, `/v1/batches/${other}`);
    const ours = await uploadFile(bench, batchId, file);
    othersMs.push(...(await client.stop()));
    shown = ours.shown;
    if (bare.rejected > 0 || shown.acceptedRows !== bare.rows)
      throw new Error(
        `${bare.rows} rows, of which the bare import rejected ${bare.rejected} and ours accepted ${shown.acceptedRows}`,
      );
    ratios.push(bare.ms / ours.ms);
    say(`round ${round}: bare ${seconds(bare.ms)}, ours ${seconds(ours.ms)}, ${(bare.ms / ours.ms).toFixed(2)}`);
  }
  const mostMb = memory.stop();
  say(
    `another client's requests: p50 ${percentileOf(othersMs, 50).toFixed(0)} ms, p95 ${percentileOf(othersMs, 95).toFixed(0)} ms; beside the bare import p50 ${percentileOf(bareMs, 50).toFixed(0)} ms, p95 ${percentileOf(bareMs, 95).toFixed(0)} ms`,
  );
  say(`resident memory of the API: idle ${idleMb.toFixed(0)} MB, at most ${mostMb.toFixed(0)} MB`);
  const confirmMs = await confirm(bench, shown!.id, say); // there was a round
  return [
    { label: 'ratio', value: median(ratios), unit: '', bar: 0.8, better: 'higher' },
    { label: 'memory', value: mostMb - idleMb, unit: 'MB', bar: 150, better: 'lower' },
    { label: 'others p95', value: percentileOf(othersMs, 95), unit: 'ms', bar: 100, better: 'lower' },
    { label: 'confirm answered', value: confirmMs / 1000, unit: 's', bar: 5, better: 'lower' },
  ];
}

/** @returns how long the answer took; the rows follow in the background, and how many have is shown. */
async function confirm({ call }: BenchStack, importId: string, say: (text: string) => void): Promise<number> {
  const startMs = performance.now();
  let shown = await call<ShownImport>('POST', `/v1/imports/${importId}/confirm`, {});
  const answeredMs = performance.now() - startMs;
  const seen = new Set([shown.movedRows]);
  while (shown.rowsOutstanding) {
    if (performance.now() - startMs > CONFIRM_MAX_MS)
      throw new Error(`${shown.movedRows} rows have followed, and no more`);
    await sleep(POLL_MS);
    shown = await call<ShownImport>('GET', `/v1/imports/${importId}`);
    seen.add(shown.movedRows);
  }
  if (shown.movedRows !== shown.acceptedRows)
    throw new Error(`${shown.movedRows} of ${shown.acceptedRows} rows followed`);
  say(
    `all were recipients ${seconds(performance.now() - startMs)} after the confirm; polling showed ${seen.size} steps`,
  );
  return answeredMs;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
