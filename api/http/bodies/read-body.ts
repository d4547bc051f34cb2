import { createHash, type Hash } from 'node:crypto';
import express, { type Request, type RequestHandler, type Response } from 'express';
import { createPause } from '../../../platform/pause.js';
import type { Settings } from '../../../platform/settings.js';
import { ApiError } from '../errors.js';
import { parseJson } from './json-text.js';
import { ListTurns } from './list-turns.js';
import { parseRecipientList } from './recipient-list.js';

type BodySettings = Pick<
  Settings,
  'jsonBytesMax' | 'recipientsBytesMax' | 'recipientListsMax' | 'recipientListWaitMs' | 'recipientListTimeoutMs'
>;
/** No body is `undefined`. The hash is that of its bytes; `end` gives back what its reading took. */
export type Body = { value: unknown; hash: string; end(): void };

/** Transcripts come in them. */
const RAW_BYTES_MAX = 1_048_576;
const HASHED_AT_ONCE = 262_144;
const UTF8 = /^utf-?8$/i;
export const NO_BODY: Body = { value: undefined, hash: '', end: () => {} };

/** Reads the bodies of requests. None of them holds the process for long, whatever is in it. */
export function createBodyReader(settings: BodySettings) {
  const { jsonBytesMax, recipientsBytesMax, recipientListTimeoutMs } = settings;
  const readSmall = bytesReader(jsonBytesMax);
  const readLarge = bytesReader(recipientsBytesMax);
  const readRaw = bytesReader(RAW_BYTES_MAX);
  const turns = new ListTurns({ placesMax: settings.recipientListsMax, waitMs: settings.recipientListWaitMs });

  return {
    /** A body that is checked by what it is for, such as the event of a provider. */
    async raw(req: Request, res: Response): Promise<Body> {
      return { ...NO_BODY, value: await readRaw(req, res) };
    },

    /** A JSON body of any JSON type. @throws ApiError */
    async json(req: Request, res: Response): Promise<Body> {
      if (!hasJson(req)) return NO_BODY;
      const bytes = await readSmall(req, res);
      return { ...NO_BODY, value: parseJson(bytes), hash: await hashOf(bytes) };
    },

    /** A JSON body with a list of recipients. A large one waits for its turn, and has it until the request is answered. */
    async recipients(req: Request, res: Response, workspaceId: string): Promise<Body> {
      if (!hasJson(req)) return NO_BODY;
      const isSmall = Number(req.headers['content-length'] ?? Infinity) <= jsonBytesMax && !isCompressed(req);
      const end = isSmall ? NO_BODY.end : await turns.take(workspaceId, goneSignal(req));
      try {
        const bytes = await (isSmall ? readSmall(req, res) : inTime(req, recipientListTimeoutMs, readLarge(req, res)));
        return { value: await parseRecipientList(bytes, jsonBytesMax), hash: await hashOf(bytes), end };
      } catch (err) {
        end();
        throw err;
      }
    },
  };
}

/** Whether there is a body. @throws ApiError when it is not JSON in UTF-8 */
function hasJson(req: Request): boolean {
  const hasBody = Number(req.headers['content-length'] ?? 0) > 0 || req.headers['transfer-encoding'] !== undefined;
  if (!hasBody) return false;
  const type = req.get('content-type') ?? 'nothing';
  if (!req.is('application/json'))
    throw new ApiError('unsupported_media_type', `Send the body as application/json, not as '${type.slice(0, 60)}'.`);
  const charset = /;\s*charset="?([^\s;"]+)/i.exec(type)?.[1] ?? 'utf-8';
  if (UTF8.test(charset)) return true;
  throw new ApiError('unsupported_media_type', `Send the body in UTF-8, not in '${charset.slice(0, 60)}'.`);
}

function isCompressed(req: Request): boolean {
  return (req.headers['content-encoding'] ?? 'identity') !== 'identity';
}

function bytesReader(bytesMax: number): (req: Request, res: Response) => Promise<Buffer> {
  const parser = express.raw({ type: () => true, limit: bytesMax });
  return async (req, res) => {
    await run(parser, req, res);
    return Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
  };
}

function run(middleware: RequestHandler, req: Request, res: Response): Promise<void> {
  return new Promise((resolve, reject) => {
    void middleware(req, res, (err?: unknown) => (err === undefined ? resolve() : reject(err as Error)));
  });
}

/** A body that does not come in time is cut off: its client would keep a place that others wait for. */
async function inTime(req: Request, timeoutMs: number, reading: Promise<Buffer>): Promise<Buffer> {
  const timer = setTimeout(() => req.destroy(), timeoutMs);
  try {
    return await reading;
  } finally {
    clearTimeout(timer);
  }
}

/** Aborted when the client goes away before its body was read. */
function goneSignal(req: Request): AbortSignal {
  const gone = new AbortController();
  req.once('close', () => gone.abort());
  return gone.signal;
}

async function hashOf(bytes: Buffer): Promise<string> {
  const hash: Hash = createHash('sha256');
  const pause = createPause();
  for (let at = 0; at < bytes.length; at += HASHED_AT_ONCE) {
    hash.update(bytes.subarray(at, at + HASHED_AT_ONCE));
    await pause();
  }
  return hash.digest('hex');
}
