import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { signBody } from '../../carrier/webhooks/sign-body.js';
import { CARRIER_WEBHOOK_SECRET } from '../../dev/demo/demo-workspace.js';
import { projectRoot, sleep } from '../../dev/processes.js';
import { withStack, type BenchStack } from '../bench-stack.js';
import type { Row, Story, StoryOptions } from '../story.js';
import {
  batchOf,
  disallowedBodies,
  largestBatch,
  WORST_CAN_CALL,
  WORST_SUPPRESSIONS,
  worstEvent,
  worstFiles,
  type WorstRequest,
} from './worst-bodies.js';

const BAR_MS = 50;
const SHOWN = 5;
/** What was held at the very end of a request is written down a moment later. */
const WRITTEN_AFTER_MS = 20;
const REQUEST_MAX_MS = 120_000;
const METER = 'loop-holds';

type Held = { label: string; heldMs: number; status: number };

export const worst: Story = {
  name: 'worst',
  what: 'each operation gets its worst bodies, allowed and disallowed, one after the other: how long the event loop of the API was held',
  run: (options) => {
    const meter = pathToFileURL(path.join(projectRoot, 'bench', 'worst', 'loop-meter.mjs')).href;
    const environment = { NODE_OPTIONS: `--import ${meter}`, LOOP_METER_FILE: path.join(options.dir, METER) };
    return withStack({ dir: options.dir, slots: 0, carrier: {}, environment }, (bench) => measure(bench, options));
  },
};

async function measure(bench: BenchStack, { dir, say }: StoryOptions): Promise<Row[]> {
  const holdsFile = path.join(dir, `${METER}.${bench.stack.api.pid}`);
  const take = async (label: string, request: () => Promise<number>): Promise<Held> => {
    const startMs = Date.now();
    const status = await request();
    await sleep(WRITTEN_AFTER_MS);
    return { label, status, heldMs: Math.max(0, ...holdsSince(holdsFile, startMs)) };
  };
  const idle = await take('nothing', async () => (await sleep(3_000), 0));
  say(`held for ${idle.heldMs} ms while nothing was asked`);
  const disallowed: Held[] = [];
  for (const request of disallowedBodies())
    disallowed.push(await take(request.label, () => sendRequest(bench, request)));
  const allowed = await takeAllowed(bench, take);
  report(say, 'disallowed', disallowed);
  report(say, 'allowed', allowed);
  return [
    { label: 'disallowed', value: mostOf(disallowed), unit: 'ms', bar: BAR_MS, better: 'lower' },
    { label: 'allowed', value: mostOf(allowed), unit: 'ms', bar: BAR_MS, better: 'lower' },
  ];
}

type Take = (label: string, request: () => Promise<number>) => Promise<Held>;

async function takeAllowed(bench: BenchStack, take: Take): Promise<Held[]> {
  const { fromNumberId, providerAccountId } = bench.stack;
  const post = (label: string, to: string, body: unknown): Promise<Held> =>
    take(label, () => sendRequest(bench, { label, method: 'POST', to, body: JSON.stringify(body) }));
  const get = (label: string, to: string): Promise<Held> =>
    take(label, () => sendRequest(bench, { label, method: 'GET', to, body: '' }));
  const batch = largestBatch(fromNumberId);
  const { id } = await bench.call<{ id: string }>('POST', '/v1/batches', batch);
  const { id: draftId } = await bench.call<{ id: string }>('POST', '/v1/batches', batchOf(fromNumberId));
  const held = [
    await post('createBatch', '/v1/batches', batch),
    await post('addRecipients', `/v1/batches/${draftId}/recipients`, {
      defaultCountry: 'AT',
      recipients: (batch['recipients'] as { timeZone: string }[]).map(({ timeZone: _, ...recipient }) => recipient),
    }),
    await post('preflightBatch', `/v1/batches/${id}/preflight`, { days: 14 }),
    await get('listRecipients', `/v1/batches/${id}/recipients?limit=200`),
    await post('searchRecipients', `/v1/batches/${id}/recipients/search`, { text: '660', limit: 200 }),
    await get('getResults', `/v1/batches/${id}/results`),
    await post('duplicateBatch', `/v1/batches/${id}/duplicate`, { recipients: true }),
    await post('canCallNow, 20 lunar calendars', '/v1/can-call-now', WORST_CAN_CALL),
    await post('canCallNow, again', '/v1/can-call-now', WORST_CAN_CALL),
    await post('addSuppressions', '/v1/suppressions', WORST_SUPPRESSIONS),
    await post('removeSuppressions', '/v1/suppressions/remove', WORST_SUPPRESSIONS),
    await take('receiveWebhook', () => sendEvent(bench, providerAccountId, worstEvent())),
  ];
  for (const [what, body] of Object.entries(worstFiles())) {
    const label = `createImport, ${what}`;
    const to = `/v1/batches/${draftId}/imports`;
    held.push(await take(label, () => sendRequest(bench, { label, method: 'POST', to, body, isFile: true })));
  }
  return held;
}

async function sendRequest({ stack }: BenchStack, { method, to, body, isFile }: WorstRequest): Promise<number> {
  const form = new FormData();
  if (isFile) form.append('file', new Blob([body], { type: 'text/csv' }), 'worst.csv');
  const response = await fetch(`${stack.apiUrl}${to}`, {
    method,
    headers: { Authorization: `Bearer ${stack.apiKey}`, ...(!isFile && { 'Content-Type': 'application/json' }) },
    ...(method !== 'GET' && { body: isFile ? form : body }),
    signal: AbortSignal.timeout(REQUEST_MAX_MS),
  });
  await response.arrayBuffer();
  return response.status;
}

async function sendEvent({ stack }: BenchStack, providerAccountId: string, body: string): Promise<number> {
  const response = await fetch(`${stack.apiUrl}/v1/webhooks/${providerAccountId}`, {
    method: 'POST',
    headers: { 'x-carrier-signature': signBody(body, CARRIER_WEBHOOK_SECRET, Date.now()) },
    body,
  });
  return response.status;
}

/** Milliseconds of each time that ended after an instant. */
function holdsSince(file: string, startMs: number): number[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(' ').map(Number))
    .filter(([endMs = 0]) => endMs >= startMs)
    .map(([, heldMs = 0]) => heldMs);
}

function mostOf(held: readonly Held[]): number {
  return Math.max(...held.map(({ heldMs }) => heldMs));
}

function report(say: (text: string) => void, what: string, held: readonly Held[]): void {
  const worstFirst = held.toSorted((a, b) => b.heldMs - a.heldMs).slice(0, SHOWN);
  say(`${held.length} ${what}; the longest:`);
  for (const { label, heldMs, status } of worstFirst) say(`  ${heldMs} ms, answered ${status}: ${label}`);
  const failed = held.filter(({ status }) => status >= 500);
  if (failed.length > 0) say(`answered with 5xx: ${failed.map(({ label }) => label).join('; ')}`);
}
