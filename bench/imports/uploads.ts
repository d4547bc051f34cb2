import path from 'node:path';
import { ApiFailure } from '../../dev/demo/api-client.js';
import { pollUntil } from '../../dev/processes.js';
import { publicId } from '../../domain/ids.js';
import { addBenchWorkspace, withStack, type BenchStack } from '../bench-stack.js';
import { createDraft, uploadFile, writeImportFile } from '../../test/support/upload-file.js';
import { memoryMbOf, ROWS, startMemoryMeter } from './import-load.js';
import type { Row, Story, StoryOptions } from '../story.js';

const UPLOADS = 4;
/** So many workspaces with as many uploads each, all at once. */
const CROWD = { workspaces: 6, uploads: 4 };
const DISCARDS = 3;
const MEGABYTE = 1_048_576;

export const uploads: Story = {
  name: 'uploads',
  what: `${UPLOADS} uploads of ${ROWS.toLocaleString('en')} rows at once: all succeed, and the API's memory above idle; how long the slowest refusal takes; ${CROWD.workspaces * CROWD.uploads} at once: all are kept or told to wait`,
  run: (options) => withStack({ dir: options.dir, slots: 20, carrier: {} }, (bench) => measure(bench, options)),
};

async function measure(bench: BenchStack, { dir, say }: StoryOptions): Promise<Row[]> {
  const file = path.join(dir, 'import.csv');
  await writeImportFile(file, ROWS);
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
  const discardedMs = await discardAll(bench, file, say);
  const crowd = await uploadInCrowd(bench, file, say);
  return [
    { label: 'complete', value: complete.length, unit: 'uploads', bar: UPLOADS, better: 'higher' },
    { label: 'memory', value: mostMb - idleMb, unit: 'MB', bar: 200, better: 'lower' },
    { label: 'slowest refusal', value: refusedMs, unit: 'ms', bar: 2_000, better: 'lower' },
    { label: 'slowest discard', value: discardedMs, unit: 'ms', bar: 1_000, better: 'lower' },
    {
      label: 'kept or told to wait',
      value: crowd,
      unit: 'uploads',
      bar: CROWD.workspaces * CROWD.uploads,
      better: 'higher',
    },
  ];
}

/** Uploads that are discarded while their rows are copied. @returns how long after that the slowest one had ended, in milliseconds */
async function discardAll(bench: BenchStack, file: string, say: (text: string) => void): Promise<number> {
  const tookMs: number[] = [];
  for (let time = 0; time < DISCARDS; time++) {
    const ended = uploadFile(bench, await createDraft(bench, `Discarded ${time}`), file).then(
      () => 'kept',
      (err: unknown) => (err instanceof ApiFailure ? err.problem.code : String(err)),
    );
    const importId = await pollFor(() => receivedImport(bench));
    const discardMs = performance.now();
    await bench.call('POST', `/v1/imports/${publicId('import', importId)}/discard`);
    const answer = await ended;
    tookMs.push(performance.now() - discardMs);
    if (answer !== 'import_not_in_review') throw new Error(`an upload that was discarded ended with: ${answer}`);
  }
  say(`discarded while rows were copied: ended after ${tookMs.map((ms) => `${ms.toFixed(0)} ms`).join(', ')}`);
  return Math.max(...tookMs);
}

async function receivedImport({ pool }: BenchStack): Promise<string | undefined> {
  const { rows } = await pool.query(`SELECT id FROM imports WHERE status = 'RECEIVING' AND total_rows > 100000`);
  return rows[0]?.id;
}

async function pollFor<T>(look: () => Promise<T | undefined>): Promise<T> {
  let found: T | undefined;
  const isThere = async (): Promise<boolean> => (found = await look()) !== undefined;
  if (!(await pollUntil(isThere, { timeoutMs: 60_000, intervalMs: 20 })) || found === undefined)
    throw new Error('no row of the upload was copied within a minute');
  return found;
}

/** Uploads of several workspaces, all at once. @returns how many were kept, or told to wait */
async function uploadInCrowd(bench: BenchStack, file: string, say: (text: string) => void): Promise<number> {
  const drafts: { workspace: BenchStack; batchId: string }[] = [];
  for (let index = 0; index < CROWD.workspaces; index++) {
    const workspace = await addBenchWorkspace(bench, `Crowd ${index}`, `+1202555016${index}`);
    for (let count = 0; count < CROWD.uploads; count++)
      drafts.push({ workspace, batchId: await createDraft(workspace, `Crowd ${count}`) });
  }
  const uploading = drafts.map(({ workspace, batchId }) =>
    uploadFile(workspace, batchId, file).then(
      ({ shown }) => (shown.acceptedRows === ROWS ? 'kept' : 'lost'),
      (err: unknown) => (err instanceof ApiFailure && err.status === 429 ? 'told to wait' : 'lost'),
    ),
  );
  const became = await Promise.all(uploading);
  const count = (what: string): number => became.filter((one) => one === what).length;
  say(`of ${became.length} uploads at once ${count('kept')} were kept, ${count('told to wait')} told to wait`);
  return became.length - count('lost');
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
