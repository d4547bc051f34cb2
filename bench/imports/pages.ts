import path from 'node:path';
import { sealCursor } from '../../api/http/bodies/page-cursors.js';
import { writeCursor } from '../../api/http/paging.js';
import { parsePublicId } from '../../domain/ids.js';
import { pollUntil } from '../../dev/processes.js';
import { withStack, type BenchStack } from '../bench-stack.js';
import { createDraft, uploadFile, writeImportFile, type ShownImport } from '../../test/support/upload-file.js';
import { ROWS } from './import-load.js';
import { percentileOf } from '../percentile.js';
import type { Row, Story, StoryOptions } from '../story.js';

const ROUNDS = 60;
const LIMIT = 50;
const IMPORT_MAX_MS = 900_000;
const WARM_UPS = 3;
const SESSION_ROUNDS = 200;

export const pages: Story = {
  name: 'pages',
  what: `pages of a running batch of ${ROWS.toLocaleString('en')} recipients, ${ROUNDS} of each, through the API`,
  run: (options) => withStack({ dir: options.dir, slots: 0, carrier: {} }, (bench) => measure(bench, options)),
};

async function measure(bench: BenchStack, { dir, say }: StoryOptions): Promise<Row[]> {
  const batchId = await fillBatch(bench, dir);
  await spreadStates(bench, batchId);
  say('the batch is there, 40 % of its recipients called');
  const base = `/v1/batches/${batchId}`;
  const list = (query: string): string => `${base}/recipients?limit=${LIMIT}${query}`;
  const deep = await findCursors(bench, batchId);
  const views: [label: string, path: (round: number) => string][] = [
    ['batch', () => base],
    ['counters', () => `${base}/counters`],
    ['recipients, first page', () => list('')],
    ['recipients, deep page', (round) => list(`&cursor=${deep[round % deep.length] ?? ''}`)],
    ['recipients, PENDING', () => list('&status=PENDING')],
    ['recipients, QUEUED', () => list('&status=QUEUED')],
    ['recipients, COMPLETED', () => list('&status=COMPLETED')],
    ['recipients, FAILED', () => list('&status=FAILED')],
    ['recipients, IN_PROGRESS', () => list('&status=IN_PROGRESS')],
    ['recipients by status', () => list('&sort=status')],
  ];
  const tookMs = new Map<string, number[]>(views.map(([label]) => [label, []]));
  // In turns, so that a neighbour's burst meets all of them.
  for (let round = -WARM_UPS; round < ROUNDS; round++) {
    for (const [label, pathOf] of views) {
      const sentMs = performance.now();
      await bench.call('GET', pathOf(Math.max(round, 0)));
      if (round >= 0) tookMs.get(label)?.push(performance.now() - sentMs);
    }
  }
  const rows = [...tookMs].map(([label, values]): Row => {
    say(
      `${label}: p50 ${percentileOf(values, 50).toFixed(1)} ms, p95 ${percentileOf(values, 95).toFixed(1)} ms, most ${Math.max(...values).toFixed(0)} ms`,
    );
    return { label: `${label} p95`, value: percentileOf(values, 95), unit: 'ms', bar: 50, better: 'lower' };
  });
  return [...rows, await compareSession(bench, base, say)];
}

/** The same page with a session and with a key, in turns: what looking up a person costs more. */
async function compareSession(bench: BenchStack, path: string, say: StoryOptions['say']): Promise<Row> {
  const { apiUrl, apiKey } = bench.stack;
  const asked = { session: await signIn(bench), key: { authorization: `Bearer ${apiKey}` } };
  const tookMs = { session: [] as number[], key: [] as number[] };
  for (let round = -WARM_UPS; round < SESSION_ROUNDS; round++)
    for (const how of ['session', 'key'] as const) {
      const sentMs = performance.now();
      const res = await fetch(`${apiUrl}${path}`, { headers: asked[how] });
      await res.arrayBuffer();
      if (!res.ok) throw new Error(`${path} with a ${how} was answered ${res.status}`);
      if (round >= 0) tookMs[how].push(performance.now() - sentMs);
    }
  const [session, key] = [percentileOf(tookMs.session, 50), percentileOf(tookMs.key, 50)];
  say(`batch with a session: p50 ${session.toFixed(2)} ms, with a key ${key.toFixed(2)} ms`);
  return {
    label: 'batch with a session, time ÷ with a key',
    value: session / key,
    unit: '',
    bar: 1.05,
    better: 'lower',
  };
}

/** A member who was invited and has spent the link. @returns what a page of ours sends with each request */
async function signIn({ call, stack }: BenchStack): Promise<Record<string, string>> {
  const invited = { email: 'ada@example.com', name: 'Ada', role: 'admin' };
  const { link } = await call<{ link: string }>('POST', '/v1/members', invited);
  const headers = { origin: stack.apiUrl, 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' };
  const body = JSON.stringify({ token: link.split('/').at(-1), password: 'a sentence of this bench' });
  const res = await fetch(`${stack.apiUrl}/v1/links/spend`, { method: 'POST', headers, body });
  const [cookie = ''] = res.headers.getSetCookie();
  return { 'sec-fetch-site': 'same-origin', cookie: cookie.split(';')[0] ?? '' };
}

/** The million of the import story, confirmed, in a batch that runs without a slot. */
async function fillBatch(bench: BenchStack, dir: string): Promise<string> {
  const file = path.join(dir, 'import.csv');
  await writeImportFile(file, ROWS);
  const batchId = await createDraft(bench, 'Pages');
  const { shown } = await uploadFile(bench, batchId, file);
  await bench.call('POST', `/v1/imports/${shown.id}/confirm`, {});
  const isMoved = async (): Promise<boolean> =>
    !(await bench.call<ShownImport>('GET', `/v1/imports/${shown.id}`)).rowsOutstanding;
  if (!(await pollUntil(isMoved, { timeoutMs: IMPORT_MAX_MS, intervalMs: 500 })))
    throw new Error('The rows did not become recipients in time');
  await bench.call('POST', `/v1/batches/${batchId}/submit`, {});
  return batchId;
}

/** As a batch is half way: the first ones called, with every result; nobody dials, so that only the pages are measured. */
async function spreadStates({ pool }: BenchStack, batchId: string): Promise<void> {
  const uuid = parsePublicId('batch', batchId);
  await pool.query(
    `UPDATE recipient_states SET attempt_count = 1, state = CASE WHEN ordinal % 10 < 6 THEN 'COMPLETED' WHEN ordinal % 10 < 9 THEN 'NO_ANSWER' ELSE 'FAILED' END
     WHERE batch_id = $1 AND ordinal <= (SELECT min(ordinal) + $2 FROM recipient_states WHERE batch_id = $1)`,
    [uuid, Math.floor(ROWS * 0.4)],
  );
  await pool.query(
    `UPDATE recipient_states SET state = 'IN_PROGRESS', attempt_count = 1 WHERE recipient_id IN
       (SELECT recipient_id FROM recipient_states WHERE batch_id = $1 AND state = 'WAITING' ORDER BY ordinal LIMIT 100)`,
    [uuid],
  );
  // As each claim on the way here does; without them every look passes the index entries of all who were called.
  await pool.query(`SELECT move_claim_cursors($1, dialwright_now(), interval '0.25 s')`, [uuid]);
}

/** Cursors from all over the list, made as the API makes them: paging there would take thousands of requests. */
async function findCursors({ pool }: BenchStack, batchId: string): Promise<string[]> {
  const { rows } = await pool.query<{ state: string; ordinal: string }>(
    `SELECT state, ordinal::text FROM recipient_states WHERE batch_id = $1 AND ordinal % $2 = 0 ORDER BY ordinal`,
    [parsePublicId('batch', batchId), Math.floor(ROWS / 20)],
  );
  const list = { id: 'listRecipients', params: { batchId: parsePublicId('batch', batchId) } };
  return rows.map(({ state, ordinal }) => sealCursor(list, writeCursor([state, ordinal])));
}
