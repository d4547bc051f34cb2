import type { IncomingHttpHeaders } from 'node:http';
import { publicId } from '../../../domain/ids.js';
import type { StreamAnswer } from '../../../telephony/egress/receive-stream.js';
import { ApiError } from '../../http/errors.js';
import type { Answer, RequestDeps } from '../../http/operation.js';

type Asked = {
  deps: Pick<RequestDeps, 'sender' | 'config'>;
  attemptId: string;
  /** Where the provider says that it is: a text that a tenant's provider chose. */
  url: string;
  /** The Range header of the request. */
  range: string | undefined;
  /** Only what would be sent before the first byte. */
  headOnly: boolean;
};
type Answered = Extract<StreamAnswer, { is: 'answered' }>;

const URL_LENGTH_MAX = 4_000;
/** One range: more would come as parts with text in between. */
const ONE_RANGE = /^bytes=(?:\d{1,15}-\d{0,15}|-\d{1,15})$/;
const CONTENT_RANGE = /^bytes \d{1,15}-\d{1,15}\/(?:\d{1,15}|\*)$/;
/** What may be a recording, and the end of its file's name. What stands for anything is told as bytes, and never played as a page. */
const TYPES: Readonly<Record<string, string>> = {
  'audio/wav': 'wav',
  'audio/x-wav': 'wav',
  'audio/wave': 'wav',
  'audio/vnd.wave': 'wav',
  'audio/mpeg': 'mp3',
  'audio/mp3': 'mp3',
  'audio/mp4': 'm4a',
  'audio/x-m4a': 'm4a',
  'audio/aac': 'aac',
  'audio/ogg': 'ogg',
  'audio/webm': 'webm',
  'audio/flac': 'flac',
};
const BYTES = ['application/octet-stream', 'binary/octet-stream'];

/**
 * A recording as its provider gives it, passed on as it comes: the address is one that this installation may send to, no
 * credentials go with the request, and no redirect is followed. @throws ApiError that says why it is not fetched
 */
export async function fetchRecording({ deps, attemptId, url, range, headOnly }: Asked): Promise<Answer> {
  const { settings } = deps.config;
  const id = publicId('attempt', attemptId);
  const bytesMax = settings.recordingBytesMax;
  const answer = await deps.sender.receive({
    method: 'GET',
    url: checkUrl(url, id),
    headers: {
      accept: 'audio/*, application/octet-stream;q=0.5',
      'accept-encoding': 'identity',
      ...(range !== undefined && ONE_RANGE.test(range) && { range }),
    },
    body: null,
    limits: { requestTimeoutMs: settings.requestTimeoutMs },
    bytesMax,
  });
  if (answer.is === 'failed')
    throw new ApiError('provider_unreachable', `The recording of ${id} could not be fetched: ${answer.why}.`);
  try {
    const { contentType, ...headers } = headersOf(answer, { id, bytesMax, url });
    if (headOnly) answer.end();
    const chunks = headOnly ? nothing() : answer.chunks;
    return { status: answer.status, headers, stream: { contentType, chunks, isFromOutside: true } };
  } catch (err) {
    answer.end();
    throw err;
  }
}

function checkUrl(url: string, id: string): string {
  const parsed = url.length <= URL_LENGTH_MAX && URL.canParse(url) ? new URL(url) : null;
  if (parsed && /^https?:$/.test(parsed.protocol) && parsed.username === '' && parsed.password === '')
    return parsed.href;
  throw unusable(`What the provider tells of the recording of ${id} is no address that can be fetched.`);
}

type About = { id: string; bytesMax: number; url: string };

function headersOf({ status, headers }: Answered, about: About): Record<string, string> & { contentType: string } {
  const { id, bytesMax } = about;
  checkStatus(status, headers, id);
  const length = headers['content-length'];
  if (length !== undefined && Number(length) > bytesMax)
    throw unusable(`The recording of ${id} has ${Number(length)} bytes, more than the ${bytesMax} that are fetched.`);
  if ((headers['content-encoding'] ?? 'identity') !== 'identity')
    throw unusable(`The recording of ${id} is encoded in a way that was not asked for.`);
  const { contentType, ending } = typeOf(headers, about);
  const range = headers['content-range'] ?? '';
  return {
    contentType,
    'Accept-Ranges': headers['accept-ranges'] === 'bytes' || status === 206 ? 'bytes' : 'none',
    'Content-Disposition': `inline; filename="${id}.${ending}"`,
    ...(length !== undefined && { 'Content-Length': String(Number(length)) }),
    ...(status === 206 && { 'Content-Range': range }),
  };
}

function checkStatus(status: number, headers: IncomingHttpHeaders, id: string): void {
  if (status === 200 || (status === 206 && CONTENT_RANGE.test(headers['content-range'] ?? ''))) return;
  if (status === 416) throw new ApiError('range_not_satisfiable', `The recording of ${id} does not have this range.`);
  if (status >= 300 && status < 400)
    throw unusable(`The provider sends on to another address for the recording of ${id}. That is not followed.`);
  if (status === 401 || status === 403 || status === 404 || status === 410)
    throw new ApiError(
      'no_recording',
      `The provider does not give the recording of ${id} (any more): it answered ${status}.`,
    );
  throw new ApiError(
    'provider_unreachable',
    `The recording of ${id} could not be fetched: the provider answered ${status}.`,
  );
}

function typeOf(headers: IncomingHttpHeaders, { id, url }: About): { contentType: string; ending: string } {
  const told = (headers['content-type'] ?? '').split(';', 1)[0]!.trim().toLowerCase(); // split gives one at least
  const ending = TYPES[told];
  if (ending !== undefined) return { contentType: told, ending };
  if (!BYTES.includes(told)) throw unusable(`What the provider gives as the recording of ${id} is no sound.`);
  // As it is stored without a type: the name of the file says which.
  const named = /\.([a-z0-9]{2,4})$/i.exec(new URL(url).pathname)?.[1]?.toLowerCase() ?? '';
  const contentType = Object.keys(TYPES).find((type) => TYPES[type] === named);
  return contentType === undefined ? { contentType: BYTES[0]!, ending: 'bin' } : { contentType, ending: named }; // the first of two
}

function unusable(message: string): ApiError {
  return new ApiError('recording_unusable', message);
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  // Of a HEAD only headers are answered.
}
