import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Carrier } from './carrier.js';
import type { Ledger } from './ledger.js';
import type { SimulatorSettings } from './settings.js';
import type { Timers } from './timers.js';

/** What the routes of the simulated carrier work on. */
export type RouteDeps = {
  carrier: Carrier;
  ledger: Ledger;
  timers: Timers;
  settings: () => SimulatorSettings;
  configure: (patch: unknown) => SimulatorSettings;
};

const BODY_BYTES_MAX = 1_048_576;

/** The body as JSON, or undefined when it is too large, incomplete or not JSON. */
export async function readJson(req: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of req as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > BODY_BYTES_MAX) return undefined;
      chunks.push(chunk);
    }
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Waits in wall time, so that an answer comes late. */
export function pause({ timers }: RouteDeps, delayMs: number): Promise<void> {
  return delayMs === 0 ? Promise.resolve() : new Promise((resolve) => void timers.after(delayMs, resolve));
}

export function answerJson(res: ServerResponse, status: number, body: unknown): void {
  if (res.headersSent || res.destroyed) return;
  const text = JSON.stringify(body);
  res.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  res.end(text);
}

/** Path and query of a request. */
export function urlOf(req: IncomingMessage): URL {
  return new URL(req.url ?? '/', 'http://carrier');
}
