import { openDatabase, type Database } from './database.js';

/**
 * What connections of the API are for. Each purpose has its own, so that no work of one waits for work of another:
 * - `control`: keys and signing in, changes, stops, signs of life. Statements that take milliseconds.
 * - `events`: webhooks. Many come at once, and each may wait for a call that somebody else writes.
 * - `page`: what a person looks at.
 * - `search`: what may have to read many rows: searches, previews, duplicates, downloads, counting again.
 * - `bulk`: what writes many rows: uploads, confirms, copies of batches.
 */
export type Purpose = 'control' | 'events' | 'page' | 'search' | 'bulk';
export type Pools = Record<Purpose, Database>;

/** The connections of an API process, divided: those that are left over are for control. */
export function shareConnections(connectionsMax: number): Record<Purpose, number> {
  const page = Math.floor(connectionsMax / 4);
  const search = Math.floor(connectionsMax / 6);
  const bulk = Math.floor(connectionsMax / 6);
  const events = Math.floor(connectionsMax / 6);
  return { control: connectionsMax - events - page - search - bulk, events, page, search, bulk };
}

/**
 * The connections of a worker: half of them for claims, dials and what is written down of them; a quarter for what runs ask of
 * their batches; a quarter for the settler and the sweeper. Of 24, 12 are for dialling: the claims that are made at once, and four
 * to write down what was claimed.
 */
export function shareWorkerConnections(connectionsMax: number): { dialling: number; runs: number; background: number } {
  const part = Math.floor(connectionsMax / 4);
  return { dialling: connectionsMax - 2 * part, runs: part, background: part };
}

type PoolOptions = { connectionsMax: number; readTimeoutMs: number; onError: (err: Error) => void };

/** Opens the pools of an API process beside the one for control. `close` of the answer leaves that one open. */
export function openPools(
  control: Database,
  { connectionsMax, readTimeoutMs, onError }: PoolOptions,
): { pools: Pools; close(): Promise<void> } {
  const { url } = control;
  const shares = shareConnections(connectionsMax);
  const events = openDatabase({ url, connectionsMax: shares.events, onError });
  const page = openDatabase({ url, connectionsMax: shares.page, statementTimeoutMs: readTimeoutMs, onError });
  const search = openDatabase({ url, connectionsMax: shares.search, statementTimeoutMs: readTimeoutMs, onError });
  const bulk = openDatabase({ url, connectionsMax: shares.bulk, onError });
  return {
    pools: { control, events, page, search, bulk },
    async close() {
      for (const db of [events, page, search, bulk]) await db.close();
    },
  };
}
