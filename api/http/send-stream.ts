import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import type { Answer } from './operation.js';

/** A client that takes nothing for so long is cut off. */
const STALLED_MS = 60_000;
/** Five million rows take some minutes. */
const STREAM_MAX_MS = 1_800_000;

/**
 * Sends a body as it is made, no faster than the client takes it, for half an hour at most. What fails on the way cuts the connection, so that half a
 * file is never taken for a whole one.
 */
export async function sendStream(res: Response, { contentType, chunks }: NonNullable<Answer['stream']>): Promise<void> {
  res.type(contentType);
  if (res.req.method === 'HEAD') return void res.end();
  res.setTimeout(STALLED_MS, () => res.destroy());
  const timer = setTimeout(() => res.destroy(), STREAM_MAX_MS);
  try {
    await pipeline(Readable.from(chunks, { highWaterMark: 1 }), res);
  } catch (err) {
    // The client went away: nobody is there to be told.
    if ((err as { code?: string }).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw err;
  } finally {
    clearTimeout(timer);
  }
}
