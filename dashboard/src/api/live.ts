import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import { dialwright, DialwrightError, type Batch, type Schemas } from './client.js';
import { holdWhileHidden } from './held-events.js';
import { noteLoss } from './lazy-part.js';
import { keys } from './queries.js';
import type { LiveEvent } from '../../../client/index.js';
import { pause } from '../../../client/retrying-fetch.js';

/** One tab of a browser listens for all: HTTP/1.1 allows six connections, and a stream would hold one for each tab. */
const LOCK = 'dialwright-live';
const CHANNEL = 'dialwright-live';
/** A list that lacks a thing is read again, once for all that came meanwhile. */
const LISTS_AGAIN_MS = 1_000;
/** Who was refused for another reason than that nobody is signed in asks again so often. */
const REFUSED_AGAIN_MS = 30_000;

export type Connection = 'connecting' | 'live' | 'lost' | 'ended';
/** `asks`: a tab that was just opened, and wants to know whether what it shows is live. */
type Told = { event: LiveEvent } | { connection: Connection } | { asks: true };
/** What is told as it comes: whether the connection is there, and each event, also while the page is hidden. */
type Listener = { onConnection: (now: Connection) => void; onEvent: (event: LiveEvent) => void };
type BatchPages = InfiniteData<{ data: Batch[]; nextCursor: string | null }>;

/**
 * Keeps what is shown as it is, until `signal` ends it. The tab that holds the lock listens and tells the others; when it is
 * closed, the next one does. Where the browser has no locks (a page without https, by another name than localhost), each tab listens.
 */
export function follow(client: QueryClient, { onConnection, onEvent }: Listener, signal: AbortSignal): void {
  const show = holdWhileHidden((event) => take(client, () => apply(client, event)), signal);
  const channel = new BroadcastChannel(CHANNEL);
  // Of the tab that listens; in the others it stays null.
  let own: Connection | null = null;
  const hear = (told: Told): void => {
    if ('connection' in told) {
      noteLoss(told.connection === 'lost');
      onConnection(told.connection);
    } else if ('event' in told) {
      take(client, () => onEvent(told.event));
      show(told.event);
    } else if (own) channel.postMessage({ connection: own } satisfies Told);
  };
  channel.onmessage = ({ data }: MessageEvent<Told>) => hear(data);
  signal.addEventListener('abort', () => channel.close());
  const tell = (told: Told): void => {
    if (signal.aborted) return;
    if ('connection' in told) own = told.connection;
    hear(told);
    channel.postMessage(told);
  };
  channel.postMessage({ asks: true } satisfies Told);
  const listenHere = (): Promise<void> => listen(tell, signal);
  // Older typings take locks for given; pages that are not secure have none.
  const locks = navigator.locks as LockManager | undefined;
  if (locks) locks.request(LOCK, { signal }, listenHere).catch(() => undefined);
  else void listenHere();
}

async function listen(tell: (told: Told) => void, signal: AbortSignal): Promise<void> {
  const onConnection = (isThere: boolean): void => tell({ connection: isThere ? 'live' : 'lost' });
  while (!signal.aborted) {
    try {
      for await (const event of dialwright.listen({ signal, onConnection })) tell({ event });
      return tell({ connection: 'ended' });
    } catch (err) {
      if (err instanceof DialwrightError && err.status === 401) return tell({ connection: 'ended' });
      tell({ connection: 'lost' });
    }
    await pause(REFUSED_AGAIN_MS, signal).catch(() => undefined);
  }
}

/** An event that cannot be shown is a fault of this page, and no end of the connection: what it tells of is read again. */
function take(client: QueryClient, event: () => void): void {
  try {
    event();
  } catch (err) {
    reportError(err);
    again(client, EVERYTHING);
  }
}

function apply(client: QueryClient, { name, data }: LiveEvent): void {
  const readAgain = (queryKey: readonly string[]): void => void client.invalidateQueries({ queryKey });
  if (name === 'batch') return applyBatch(client, data as unknown as Batch);
  if (name === 'batchDeleted') return forgetBatch(client, String(data['id']));
  if (name === 'workspace') return readAgain(keys.workspace);
  if (name === 'phoneNumber') return readAgain(keys.phoneNumbers);
  if (name === 'agent') return readAgain(keys.agents);
  if (name === 'providerAccount') return readAgain(keys.providerAccounts);
  if (name === 'import') {
    const read = data as unknown as Schemas['Import'];
    client.setQueryData(['import', read.id], read);
  }
  if (name === 'job') {
    const job = data as unknown as Schemas['Job'];
    client.setQueryData(['job', job.id], job);
  }
  // Whatever was missed while nobody listened.
  if (name === 'ready' || name === 'reset') void client.invalidateQueries({ refetchType: 'active' });
}

/** In each list the batch stays at its place, so that nothing jumps under a pointer. */
function applyBatch(client: QueryClient, batch: Batch): void {
  const before = client.getQueryData<Batch>(keys.batch(batch.id));
  client.setQueryData(keys.batch(batch.id), batch);
  let isListed = false;
  let hasMoved = before !== undefined && before.status !== batch.status;
  client.setQueriesData<BatchPages>({ queryKey: keys.batchLists }, (pages) => {
    if (!pages?.pages.some(({ data }) => data.some(({ id }) => id === batch.id))) return pages;
    isListed = true;
    hasMoved ||= pages.pages.some(({ data }) => data.some(({ id, status }) => id === batch.id && status !== batch.status));
    return changed(pages, (data) => data.map((each) => (each.id === batch.id ? batch : each)));
  });
  if (!isListed) again(client, keys.batches);
  if (!isListed || hasMoved) again(client, keys.batchCounts);
}

function forgetBatch(client: QueryClient, id: string): void {
  client.setQueriesData<BatchPages>({ queryKey: keys.batchLists }, (pages) =>
    changed(pages, (data) => data.filter((each) => each.id !== id)),
  );
  void client.invalidateQueries({ queryKey: keys.batch(id) });
  again(client, keys.batchCounts);
}

function changed(pages: BatchPages | undefined, change: (data: Batch[]) => Batch[]): BatchPages | undefined {
  return pages && { ...pages, pages: pages.pages.map((page) => ({ ...page, data: change(page.data) })) };
}

/** What is to be read again, once for all that came meanwhile. */
const waiting = new Set<readonly [string] | readonly []>();
/** What is seen at once, the rest when it is looked at. */
const EVERYTHING = [] as const;

function again(client: QueryClient, queryKey: readonly [string] | typeof EVERYTHING): void {
  if (waiting.has(queryKey)) return;
  waiting.add(queryKey);
  setTimeout(() => {
    waiting.delete(queryKey);
    void client.invalidateQueries({ queryKey });
  }, LISTS_AGAIN_MS);
}
