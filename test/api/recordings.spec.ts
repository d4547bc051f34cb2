import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { RECORDING } from '../../carrier/recording.js';
import { parsePublicId } from '../../domain/ids.js';
import { readSettings } from '../../platform/settings.js';
import { eventually } from '../support/eventually.js';
import { makeCalls } from './support/calls.js';
import { recordedCall } from './support/requests.js';
import { send, startTestApi, type TestApi } from './support/test-api.js';

const BYTES_MAX = 20_000;
/** What a provider answers, by path. */
type Answers = Record<string, (req: http.IncomingMessage, res: http.ServerResponse) => void>;
const asked: http.IncomingMessage[] = [];
const sound = { 'content-type': 'audio/mpeg' };
let closedByUs = 0;
const ANSWERS: Answers = {
  '/moved': (_req, res) => void res.writeHead(302, { location: 'http://127.0.0.1:1/other.wav' }).end(),
  '/page': (_req, res) => void res.writeHead(200, { 'content-type': 'text/html' }).end('<script>alert(1)</script>'),
  '/gone': (_req, res) => void res.writeHead(403).end(),
  '/broken': (_req, res) => void res.writeHead(500).end(),
  '/large': (_req, res) => void res.writeHead(200, { ...sound, 'content-length': BYTES_MAX + 1 }).end(),
  '/endless': (_req, res) => {
    res.writeHead(200, sound);
    res.on('close', () => closedByUs++);
    const more = (): void => void (res.destroyed || res.write(Buffer.alloc(4_096), () => setImmediate(more)));
    more();
  },
  '/packed': (_req, res) => void res.writeHead(200, { ...sound, 'content-encoding': 'gzip' }).end('x'),
  '/odd-range': (_req, res) => void res.writeHead(206, { ...sound, 'content-range': 'a\u00e4b' }).end('x'),
  '/bytes.mp3': (_req, res) => void res.writeHead(200, { 'content-type': 'binary/octet-stream' }).end('mp3'),
};

let api: TestApi;
let provider: http.Server;
let providerUrl: string;
beforeAll(async () => {
  provider = http.createServer((req, res) => {
    asked.push(req);
    (ANSWERS[new URL(req.url ?? '/', 'http://provider').pathname] ?? ANSWERS['/gone']!)(req, res);
  });
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
  providerUrl = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
  api = await startTestApi({ settings: { ...readSettings({}), recordingBytesMax: BYTES_MAX } });
});
afterAll(async () => {
  await api.stop();
  provider.closeAllConnections();
  provider.close();
});

const play = (callId: string, headers: Record<string, string> = {}, method = 'GET') =>
  fetch(`${api.url}/v1/calls/${callId}/recording`, {
    method,
    headers: { Authorization: `Bearer ${api.keys.viewer}`, ...headers },
  });
const refusalOf = async (path: string) => {
  const callId = await recordedCall(api, path.startsWith('/') ? `${providerUrl}${path}` : path);
  const { status, problem } = await send(api, 'getRecording', { params: { callId } });
  return [status, problem.code, problem.detail] as const;
};

describe('the recording of a call', () => {
  it('is passed on as the provider has it, as a sound and nothing else', async () => {
    const answer = await play(await recordedCall(api));
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'audio/wav']);
    expect(Buffer.from(await answer.arrayBuffer()).equals(RECORDING)).toBe(true);
    expect(answer.headers.get('content-length')).toBe(String(RECORDING.length));
    expect(answer.headers.get('content-disposition')).toMatch(/^inline; filename="att_[0-9a-f]{32}\.wav"$/);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('cache-control')).toContain('no-store');
  });

  it('is played from its middle', async () => {
    const callId = await recordedCall(api);
    const answer = await play(callId, { Range: 'bytes=100-199' });
    expect([answer.status, answer.headers.get('content-range')]).toEqual([206, `bytes 100-199/${RECORDING.length}`]);
    expect(Buffer.from(await answer.arrayBuffer()).equals(RECORDING.subarray(100, 200))).toBe(true);
    const beyond = await play(callId, { Range: 'bytes=999999-' });
    expect([beyond.status, ((await beyond.json()) as { code: string }).code]).toEqual([416, 'range_not_satisfiable']);
    const odd = await play(callId, { Range: 'bytes=0-1,5-6' });
    expect([odd.status, (await odd.arrayBuffer()).byteLength]).toEqual([200, RECORDING.length]);
  });

  it('is described to a HEAD, which takes none of it', async () => {
    const answer = await play(await recordedCall(api), {}, 'HEAD');
    expect([answer.status, answer.headers.get('accept-ranges')]).toEqual([200, 'bytes']);
  });

  it('is asked for without credentials of anybody', async () => {
    asked.length = 0;
    await play(await recordedCall(api, `${providerUrl}/bytes.mp3?signed=1`), { Cookie: 'a=b' });
    expect(asked.map(({ url }) => url)).toEqual(['/bytes.mp3?signed=1']);
    expect(asked[0]!.headers.authorization ?? asked[0]!.headers.cookie).toBeUndefined();
    // No call is ever placed on its connection.
    expect(asked[0]!.headers.connection).toBe('close');
  });

  it('that has no type is told by the name of its file', async () => {
    const answer = await play(await recordedCall(api, `${providerUrl}/bytes.mp3`));
    expect([answer.headers.get('content-type'), await answer.text()]).toEqual(['audio/mpeg', 'mp3']);
  });

  it.each([
    ['/moved', 422, 'recording_unusable', 'another address'],
    ['/page', 422, 'recording_unusable', 'is no sound'],
    ['/large', 422, 'recording_unusable', String(BYTES_MAX)],
    ['/packed', 422, 'recording_unusable', 'encoded'],
    ['/gone', 404, 'no_recording', '403'],
    ['/broken', 424, 'provider_unreachable', '500'],
    ['/odd-range', 424, 'provider_unreachable', '206'],
    ['no address', 422, 'recording_unusable', 'no address'],
    ['file:///etc/passwd', 422, 'recording_unusable', 'no address'],
    ['http://user:secret@127.0.0.1/a.wav', 422, 'recording_unusable', 'no address'],
    ['http://169.254.169.254/latest/meta-data', 424, 'provider_unreachable', 'the address'],
    ['http://10.0.0.1/a.wav', 424, 'provider_unreachable', 'the address'],
  ])('at %s is refused: %i %s', async (path, status, code, words) => {
    const [answered, problemCode, detail] = await refusalOf(path);
    expect([answered, problemCode]).toEqual([status, code]);
    expect(detail).toContain(words);
    expect(detail).not.toContain('secret');
  });

  it('that has no end is cut off at its bound, and so is the provider', async () => {
    const answer = await play(await recordedCall(api, `${providerUrl}/endless`));
    await expect(answer.arrayBuffer()).rejects.toThrow();
    await eventually(() => expect(closedByUs).toBe(1));
  });

  it('that nobody has told of is not there, nor one of another workspace', async () => {
    const batchId = await makeCalls(api, [{ at: '2026-01-01T00:00:00Z', outcome: 'ANSWERED' }]);
    const { body } = await send(api, 'listCalls', { query: { batchId } });
    const { status, problem } = await send(api, 'getRecording', { params: { callId: body.data[0].id } });
    expect([status, problem.code]).toEqual([404, 'no_recording']);
    const key = api.other.keys.admin;
    const theirs = await send(api, 'getRecording', { params: { callId: await recordedCall(api) }, key });
    expect([theirs.status, theirs.problem.code]).toEqual([404, 'not_found']);
  });

  it('stands in the audit with who has heard it', async () => {
    const callId = await recordedCall(api);
    await (await play(callId)).arrayBuffer();
    const { rows } = await api.db.pool.query(
      `SELECT detail FROM audit_events WHERE action = 'download' AND target_kind = 'attempt' AND target_id = $1`,
      [parsePublicId('attempt', callId)],
    );
    expect(rows).toEqual([{ detail: { operation: 'getRecording' } }]);
  });
});
