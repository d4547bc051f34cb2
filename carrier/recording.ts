import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerJson, urlOf } from './http.js';

const RATE = 8_000;
const HEADER_BYTES = 44;
const TONE_HZ = 440;
const BEEPS = 3;

/** Three short beeps: a WAV of a second and a half, mono, 8 bits, 8 kHz. */
export const RECORDING: Buffer = beeps();

const PATH = /^\/recordings\/[\w-]+\.wav$/;
const RANGE = /^bytes=(\d*)-(\d*)$/;

export function isRecordingPath(url: string): boolean {
  return url.startsWith('/recordings/');
}

/** The recording of a call, which is the same for every call: whole, or the range that is asked for. */
export function answerRecording(req: IncomingMessage, res: ServerResponse): void {
  if (req.method !== 'GET' || !PATH.test(urlOf(req).pathname))
    return answerJson(res, 404, { error: 'there is no such recording' });
  const headers = { 'content-type': 'audio/wav', 'accept-ranges': 'bytes' };
  const [asked, first = '', last = ''] = RANGE.exec(req.headers.range ?? '') ?? [];
  const size = RECORDING.length;
  if (asked === undefined || (first === '' && last === '')) {
    res.writeHead(200, { ...headers, 'content-length': size }).end(RECORDING);
    return;
  }
  const from = first === '' ? Math.max(size - Number(last), 0) : Number(first);
  const to = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (from > to) {
    res.writeHead(416, { 'content-range': `bytes */${size}` }).end();
    return;
  }
  const part = RECORDING.subarray(from, to + 1);
  const range = { 'content-range': `bytes ${from}-${to}/${size}`, 'content-length': part.length };
  res.writeHead(206, { ...headers, ...range }).end(part);
}

function beeps(): Buffer {
  const samples = (RATE * BEEPS) / 2;
  const wav = Buffer.alloc(HEADER_BYTES + samples);
  wav.write('RIFF', 0);
  wav.writeUInt32LE(wav.length - 8, 4);
  wav.write('WAVEfmt ', 8);
  wav.writeUInt32LE(16, 16); // bytes of the format
  wav.writeUInt16LE(1, 20); // PCM
  wav.writeUInt16LE(1, 22); // mono
  wav.writeUInt32LE(RATE, 24);
  wav.writeUInt32LE(RATE, 28); // bytes a second
  wav.writeUInt16LE(1, 32); // bytes a sample
  wav.writeUInt16LE(8, 34); // bits a sample
  wav.write('data', 36);
  wav.writeUInt32LE(samples, 40);
  for (let n = 0; n < samples; n++) {
    const isBeep = n % (RATE / 2) < RATE / 4;
    wav[HEADER_BYTES + n] = isBeep ? 128 + Math.round(60 * Math.sin((2 * Math.PI * TONE_HZ * n) / RATE)) : 128;
  }
  return wav;
}
