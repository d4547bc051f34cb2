import path from 'node:path';
import { sleep } from '../../dev/processes.js';
import { withStack, type BenchStack } from '../bench-stack.js';
import { createDraft, uploadFile, writeImportFile, type ShownImport } from '../../test/support/upload-file.js';
import { memoryMbOf, ROWS, runBareImport, startMemoryMeter, startOtherClient } from './import-load.js';
import { percentileOf } from '../percentile.js';
import { median, type Row, type Story, type StoryOptions } from '../story.js';

const ROUNDS = 3;
const POLL_MS = 250;
const FIX_MAX_MS = 900_000;
/** One row of so many has no country code in the first file; in the second none has one. */
const WITHOUT_CODE_EVERY = 20;

type Fixed = ShownImport & { fix: { status: string; checkedRows: number; acceptedRows: number } };

export const fixStory: Story = {
  name: 'fix',
  what: `${ROWS.toLocaleString('en')} rows whose phone column is chosen: a fix of one row in ${WITHOUT_CODE_EVERY}, then of every row, and its undo`,
  run: (options) => withStack({ dir: options.dir, slots: 20, carrier: {} }, (bench) => measure(bench, options)),
};

async function measure(bench: BenchStack, { dir, say }: StoryOptions): Promise<Row[]> {
  const some = path.join(dir, 'some.csv');
  const all = path.join(dir, 'all.csv');
  await writeImportFile(some, ROWS, { phoneHeader: 'Mobile', withoutPlusEvery: WITHOUT_CODE_EVERY });
  await writeImportFile(all, ROWS, { phoneHeader: 'Mobile', withoutPlusEvery: 1 });
  const other = await createDraft(bench, 'Of another client');
  const idleMb = memoryMbOf(bench.stack.api.pid);
  const memory = startMemoryMeter(bench.stack.api.pid);
  const sayMemory = (after: string): void =>
    say(`memory of the API above idle, most so far, after ${after}: ${(memory.mostMb() - idleMb).toFixed(0)} MB`);
  const client = startOtherClient(bench, `/v1/batches/${other}`);

  const ratios: number[] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    const bare = await runBareImport(bench, some);
    const ours = await upload(bench, some);
    ratios.push(bare.ms / ours.ms);
    const { rejectedRows } = ours.shown;
    say(`round ${round}: bare ${seconds(bare.ms)}, ours ${seconds(ours.ms)}; ${rejectedRows} rows rejected`);
    say(`fix of these rows: ${seconds(await fixAll(bench, ours.shown))}`);
    sayMemory(`round ${round}`);
  }

  const whole = await upload(bench, all);
  say(`upload of rows that are all rejected: ${seconds(whole.ms)}`);
  sayMemory('that upload');
  const allMs = await fixAll(bench, whole.shown);
  const undoneMs = await undo(bench, whole.shown);
  say(`fix of ${whole.shown.rejectedRows} rows: ${seconds(allMs)}; its undo ${seconds(undoneMs)}`);
  sayMemory('that fix and its undo');

  const othersMs = await client.stop();
  const mostMb = memory.stop();
  return [
    { label: 'ratio', value: median(ratios), unit: '', bar: 0.8, better: 'higher' },
    { label: 'memory', value: mostMb - idleMb, unit: 'MB', bar: 150, better: 'lower' },
    { label: 'others p95', value: percentileOf(othersMs, 95), unit: 'ms', bar: 100, better: 'lower' },
    { label: 'fix of a row', value: (allMs * 1_000) / whole.shown.rejectedRows, unit: 'µs', bar: 300, better: 'lower' },
  ];
}

async function upload(bench: BenchStack, file: string) {
  const batchId = await createDraft(bench, path.basename(file));
  return uploadFile(bench, batchId, file, { Mobile: 'phoneNumber' });
}

/** @returns how long it took until every rejected row was accepted */
async function fixAll({ call }: BenchStack, { id, totalRows }: ShownImport): Promise<number> {
  const startMs = performance.now();
  const json = { code: 'phone_without_country_code', action: 'country', country: 'US' };
  await call('POST', `/v1/imports/${id}/fix`, json);
  const shown = await waitFor(call, id, 'DONE');
  if (shown.acceptedRows !== totalRows) throw new Error(`${shown.acceptedRows} of ${totalRows} rows are accepted`);
  return performance.now() - startMs;
}

async function undo({ call }: BenchStack, { id, rejectedRows }: ShownImport): Promise<number> {
  const startMs = performance.now();
  await call('POST', `/v1/imports/${id}/fix/undo`, {});
  const shown = await waitFor(call, id, 'UNDONE');
  if (shown.rejectedRows !== rejectedRows) throw new Error(`${shown.rejectedRows} of ${rejectedRows} rows are back`);
  return performance.now() - startMs;
}

async function waitFor(call: BenchStack['call'], id: string, status: string): Promise<Fixed> {
  for (const startMs = performance.now(); ;) {
    const shown = await call<Fixed>('GET', `/v1/imports/${id}`);
    if (shown.fix.status === status) return shown;
    if (performance.now() - startMs > FIX_MAX_MS) throw new Error(`${shown.fix.checkedRows} rows were fixed, no more`);
    await sleep(POLL_MS);
  }
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
