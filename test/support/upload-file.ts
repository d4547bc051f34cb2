import { once } from 'node:events';
import { createReadStream, createWriteStream, statSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { ApiFailure, type ApiClient } from '../../dev/demo/api-client.js';
import { pollUntil } from '../../dev/processes.js';
import type { Stack } from '../../dev/stack.js';
import { WEEKDAYS } from '../../domain/hours/window.js';

/** Who uploads: a workspace, its key and its number. */
export type Uploader = { stack: Pick<Stack, 'apiUrl' | 'apiKey' | 'fromNumberId'>; call: ApiClient };

/** Open on every day, all day. */
export const WINDOW = Object.fromEntries(WEEKDAYS.map((day) => [day, [['00:00', '24:00']]]));

const FIRST_NUMBER = 12_122_200_000;
const CITIES = ['London', 'New York', 'San José', 'Praha', 'Córdoba', 'Kraków', 'Paris', 'Oslo'];
const BOUNDARY = 'dialwright-upload';
const TIMEOUT_MS = 600_000;

/** Recipients whose numbers are all different and valid; a million are 45 MB. Of every so many rows one has no `+`. */
export async function writeImportFile(
  file: string,
  rows: number,
  { phoneHeader = 'phone_number', withoutPlusEvery = 0 } = {},
): Promise<void> {
  const out = createWriteStream(file);
  out.write(`${phoneHeader},name,city,appointment\n`);
  let lines = '';
  for (let row = 0; row < rows; row++) {
    const city = CITIES[row % CITIES.length] ?? '';
    const plus = withoutPlusEvery > 0 && row % withoutPlusEvery === 0 ? '' : '+';
    lines += `${plus}${FIRST_NUMBER + row},Person ${row},${city},2026-12-01\n`;
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
export async function createDraft({ stack, call }: Uploader, name: string): Promise<string> {
  const body = { name, fromNumberId: stack.fromNumberId, timeZone: 'UTC', window: WINDOW, start: 'now' };
  return (await call<{ id: string }>('POST', '/v1/batches', body)).id;
}

/**
 * Sends the file as a browser does, straight from disk. @returns the import under review, and how long that took
 * @throws ApiFailure for any other answer
 */
export async function uploadFile(uploader: Uploader, batchId: string, file: string, columns?: Record<string, string>) {
  const startMs = performance.now();
  const { req, tail } = openUpload(uploader, batchId, file, columns);
  const answered = once(req, 'response');
  // An answer may come before the whole body is sent; of the two errors of a lost connection the answer's is told.
  answered.catch(() => {});
  req.setTimeout(TIMEOUT_MS, () => req.destroy(new Error('The upload was not answered in time')));
  await pipeline(createReadStream(file), req, { end: false })
    .then(() => req.end(tail))
    .catch(() => {});
  const [res] = (await answered) as [IncomingMessage]; // what Node emits with a response
  let text = '';
  for await (const chunk of res.setEncoding('utf8')) text += chunk;
  if (res.statusCode !== 201) {
    const problem = JSON.parse(text) as ApiFailure['problem'];
    throw new ApiFailure(res.statusCode ?? 0, problem, res.headers['retry-after'] !== undefined);
  }
  return { shown: JSON.parse(text) as ShownImport, ms: performance.now() - startMs };
}

/** Sends this share of the file, and then destroys the socket, as a client does that goes away. */
export async function abandonUpload(uploader: Uploader, batchId: string, file: string, share: number): Promise<void> {
  const { req } = openUpload(uploader, batchId, file);
  const closed = new Promise((resolve) => req.once('close', resolve));
  req.on('error', () => {}); // it is ours to end
  const end = Math.max(0, Math.floor(statSync(file).size * share) - 1);
  await pipeline(createReadStream(file, { end }), req, { end: false }).catch(() => {});
  req.destroy();
  await closed;
}

function openUpload({ stack }: Uploader, batchId: string, file: string, columns?: Record<string, string>) {
  const field = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="columns"\r\n\r\n${JSON.stringify(columns)}\r\n`;
  const disposition = 'Content-Disposition: form-data; name="file"; filename="uploaded.csv"';
  const head = `${columns ? field : ''}--${BOUNDARY}\r\n${disposition}\r\nContent-Type: text/csv\r\n\r\n`;
  const tail = `\r\n--${BOUNDARY}--\r\n`;
  const req = request(`${stack.apiUrl}/v1/batches/${batchId}/imports`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${stack.apiKey}`,
      'content-type': `multipart/form-data; boundary=${BOUNDARY}`,
      'content-length': head.length + statSync(file).size + tail.length,
    },
  });
  req.write(head);
  return { req, tail };
}

/** A draft with the recipients of the file. @throws Error when they are not there within `timeoutMs` */
export async function createFilledDraft(
  uploader: Uploader,
  { name, file, timeoutMs }: { name: string; file: string; timeoutMs: number },
): Promise<string> {
  const batchId = await createDraft(uploader, name);
  const { shown } = await uploadFile(uploader, batchId, file);
  await uploader.call('POST', `/v1/imports/${shown.id}/confirm`, {});
  const isMoved = async (): Promise<boolean> =>
    !(await uploader.call<ShownImport>('GET', `/v1/imports/${shown.id}`)).rowsOutstanding;
  if (!(await pollUntil(isMoved, { timeoutMs, intervalMs: 500 })))
    throw new Error('The rows did not become recipients in time');
  return batchId;
}
