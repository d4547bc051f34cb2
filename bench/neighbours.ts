import path from 'node:path';
import { sleep } from '../dev/processes.js';
import { answerOf, repeatUntilStopped, WORST_BODY } from '../test/support/misbehave.js';
import { createDraft, createFilledDraft, uploadFile, writeImportFile } from '../test/support/upload-file.js';
import {
  addBenchWorkspace,
  readDials,
  readFrees,
  startBatch,
  untilCompleted,
  withStack,
  type BenchStack,
} from './bench-stack.js';
import { ROWS, startOtherClient } from './imports/import-load.js';
import { percentileOf } from './percentile.js';
import type { Row, Story, StoryOptions } from './story.js';

const SLOTS = 20;
const CALL_MS = 6_000;
const CALLS = 240;
const TIMEOUT_MS = 300_000;
const STOPS = 40;
/** What the neighbour searches in. */
const SEARCHED_ROWS = 200_000;
const SEARCHES = 25;
const UPLOADS = 6;
const WORST_BODIES = 4;
/** A request that was refused is sent again so much later, whatever the answer asks for. */
const REFUSED_PAUSE_MS = 100;

export const neighbours: Story = {
  name: 'neighbours',
  what: `a workspace with ${SLOTS} slots and calls of ${CALL_MS / 1000} s beside one that searches, uploads and sends worst bodies without end: its calls, pages and emergency stops`,
  run: (options) =>
    withStack({ dir: options.dir, slots: SLOTS, carrier: { callLength: { is: 'fixed', ms: CALL_MS } } }, (bench) =>
      measure(bench, options),
    ),
};

async function measure(bench: BenchStack, { dir, say }: StoryOptions): Promise<Row[]> {
  const neighbour = await addBenchWorkspace(bench, 'Neighbour', '+12025550150');
  const searchedFile = path.join(dir, 'searched.csv');
  await writeImportFile(searchedFile, SEARCHED_ROWS);
  const filled = { name: 'Searched', file: searchedFile, timeoutMs: TIMEOUT_MS };
  const searched = await createFilledDraft(neighbour, filled);
  const file = path.join(dir, 'import.csv');
  await writeImportFile(file, ROWS);
  const aloneMs = await runCalls(bench, 'alone');
  say(`alone: ${CALLS} calls in ${(aloneMs / 1000).toFixed(2)} s`);

  const worst = startWorst(neighbour, { searched, file });
  const looks = startOtherClient(bench, '/v1/batches?limit=50');
  const besideMs = await runCalls(bench, 'beside');
  const pagesMs = await looks.stop();
  const stopsMs = await stopAndLift(bench);
  const answers = await worst.stop();
  say(`beside: ${CALLS} calls in ${(besideMs / 1000).toFixed(2)} s; ${pagesMs.length} pages`);
  say(`the neighbour was answered ${[...answers].map(([status, count]) => `${status} ${count} times`).join(', ')}`);
  return [
    { label: 'slots beside ÷ alone', value: aloneMs / besideMs, unit: 'ratio', bar: 0.95, better: 'higher' },
    { label: 'pages p95', value: percentileOf(pagesMs, 95), unit: 'ms', bar: 250, better: 'lower' },
    { label: 'emergency stop p95', value: percentileOf(stopsMs, 95), unit: 'ms', bar: 250, better: 'lower' },
  ];
}

/** @returns the time from the first dial to the last end: what the slots were not used for makes it longer */
async function runCalls(bench: BenchStack, name: string): Promise<number> {
  const batch = await startBatch(bench, name, CALLS);
  await untilCompleted(bench, batch, TIMEOUT_MS);
  const [dials, frees] = [await readDials(bench, batch), await readFrees(bench, batch)];
  return (frees.at(-1) ?? NaN) - (dials[0] ?? NaN);
}

async function stopAndLift({ call }: BenchStack): Promise<number[]> {
  const tookMs: number[] = [];
  for (let round = 0; round < STOPS; round++) {
    const sentMs = performance.now();
    await call('POST', '/v1/workspace/emergency-stop', { reason: 'a bench' });
    tookMs.push(performance.now() - sentMs);
    await call('POST', '/v1/workspace/lift-emergency-stop', {});
  }
  return tookMs;
}

/** Everything at once, each again as soon as it was answered. @returns from `stop` how often each status was answered */
function startWorst(bench: BenchStack, { searched, file }: { searched: string; file: string }) {
  const answers = new Map<number | null, number>();
  const counted = (send: () => Promise<unknown>) => async (): Promise<void> => {
    const { status } = await answerOf(send());
    answers.set(status, (answers.get(status) ?? 0) + 1);
    if (status !== 200) await sleep(REFUSED_PAUSE_MS);
  };
  const search = () =>
    bench.call('POST', `/v1/batches/${searched}/recipients/search`, { text: 'nobody has this name' });
  const upload = async () => uploadFile(bench, await createDraft(bench, 'Upload'), file);
  const loops = repeatUntilStopped([
    ...Array.from({ length: SEARCHES }, () => counted(search)),
    ...Array.from({ length: UPLOADS }, () => counted(upload)),
    ...Array.from({ length: WORST_BODIES }, () => counted(() => bench.call('POST', '/v1/batches', WORST_BODY))),
  ]);
  return {
    async stop(): Promise<Map<number | null, number>> {
      await loops.stop();
      return answers;
    },
  };
}
