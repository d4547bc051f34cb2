import type { Request } from 'express';

const DRAIN_BYTES_MAX = 134_217_728;
const DRAIN_TIMEOUT_MS = 10_000;

/** Reads and drops the rest of a request's body, so that the client gets to the answer; gives up on what is endless. */
export async function drain(req: Request): Promise<void> {
  if (req.complete || req.destroyed) return;
  await new Promise<void>((resolve) => {
    let bytes = 0;
    const timer = setTimeout(resolve, DRAIN_TIMEOUT_MS);
    req.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > DRAIN_BYTES_MAX) resolve();
    });
    for (const event of ['end', 'close', 'error']) req.once(event, resolve);
    req.once('close', () => clearTimeout(timer));
    req.resume();
  });
}
