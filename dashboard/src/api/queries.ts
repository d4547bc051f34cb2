import { keepPreviousData, MutationCache, QueryCache, QueryClient, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { showOld } from '../parts/notices.js';
import { answered, api, DialwrightError, type Schemas } from './client.js';

/** Names of what is kept. What begins alike is forgotten together. */
export const keys = {
  session: ['session'] as const,
  workspace: ['workspace'] as const,
  usage: ['usage'] as const,
  /** Whatever tells of several batches. */
  batches: ['batches'] as const,
  /** Those of it that are read page by page: live events change them where they lie. */
  batchLists: ['batches', 'list'] as const,
  batchCounts: ['batchCounts'] as const,
  batchList: (filter: BatchFilter) => ['batches', 'list', filter] as const,
  batch: (id: string) => ['batch', id] as const,
  recipients: (batchId: string, filter: object) => ['batch', batchId, 'recipients', filter] as const,
  phoneNumbers: ['phoneNumbers'] as const,
  agents: ['agents'] as const,
  providerAccounts: ['providerAccounts'] as const,
  calls: ['calls'] as const,
  call: (id: string) => ['calls', id] as const,
  suppressions: ['suppressions'] as const,
  members: ['members'] as const,
  apiKeys: ['apiKeys'] as const,
  audit: ['audit'] as const,
};

/** What is shown stays until it is told that it has changed: live events do that. The client itself tries again. */
export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: onReadError }),
  mutationCache: new MutationCache({ onError: askWhoIsThere }),
  defaultOptions: { queries: { retry: false, staleTime: 60_000, refetchOnWindowFocus: false } },
});

/** What was read before stays. That it may be old is said once; a lost connection is said in the header. */
function onReadError(err: Error, { state }: { state: { data: unknown } }): void {
  askWhoIsThere(err);
  if (state.data !== undefined && err instanceof DialwrightError && err.status !== 401) showOld(err);
}

/** A request was refused because nobody is signed in: the page asks for that on top of what it shows. */
function askWhoIsThere(err: Error): void {
  const isOver = err instanceof DialwrightError && err.code === 'unauthorized';
  if (isOver) void queryClient.invalidateQueries({ queryKey: keys.session });
}

const BATCHES_PER_PAGE = 50;

export type BatchFilter = { status?: Schemas['Batch']['status'][]; search?: string };

const sessionQuery = { queryKey: keys.session, staleTime: Infinity, queryFn: readSession };

/** Who is signed in; null: nobody. */
export function useSession() {
  return useQuery(sessionQuery);
}

/** Asks who is there while the first page is still on its way. */
export function askForSession(): void {
  void queryClient.prefetchQuery(sessionQuery);
}

async function readSession(): Promise<Schemas['Session'] | null> {
  try {
    return await answered(api.GET('/v1/session'));
  } catch (err) {
    if (err instanceof DialwrightError && err.status === 401) return null;
    throw err;
  }
}

export function useWorkspace() {
  return useQuery({ queryKey: keys.workspace, queryFn: () => answered(api.GET('/v1/workspace')) });
}

/** Slots, shares, workers. It has no event of its own. */
export function useUsage(everyMs: number) {
  return useQuery({
    queryKey: keys.usage,
    refetchInterval: everyMs,
    queryFn: () => answered(api.GET('/v1/workspace/usage')),
  });
}

type Page<T> = { data: T[]; nextCursor: string | null };

/** Where a page of a list begins, and those before it: the API goes forwards only, and back along what it has told. */
type PageStart = { cursor: string | null; rowsBefore: number; before: PageStart | null };

const FIRST_PAGE: PageStart = { cursor: null, rowsBefore: 0, before: null };
/** More are let go at the other end, and read again on the way back: a list of a million needs no more memory than this. */
const PAGES_KEPT = 20;

/**
 * A list, page by page: `ask` is given what asks for the page, `{}` for the first one, and what ends the asking. What was shown
 * stays until another filter is answered.
 */
export function usePages<T>(
  queryKey: readonly unknown[],
  ask: (at: { cursor?: string }, signal: AbortSignal) => Promise<Page<T>>,
  /** For what no live event tells: read again so often, while the page is visible. */
  everyMs?: number,
) {
  return useInfiniteQuery({
    queryKey,
    ...(everyMs !== undefined && { refetchInterval: everyMs }),
    queryFn: ({ pageParam: { cursor }, signal }) => ask(cursor === null ? {} : { cursor }, signal),
    initialPageParam: FIRST_PAGE,
    getNextPageParam: ({ data, nextCursor }: Page<T>, _pages, at) =>
      nextCursor === null ? null : { cursor: nextCursor, rowsBefore: at.rowsBefore + data.length, before: at },
    getPreviousPageParam: (_page, _pages, at) => at.before,
    maxPages: PAGES_KEPT,
    placeholderData: keepPreviousData,
  });
}

const ONE_AT_A_TIME = { cancelRefetch: false };

/** What a table needs of a list that is read page by page. */
export function rowsOf<T>(list: ReturnType<typeof usePages<T>>) {
  const rows = list.data?.pages.flatMap(({ data }) => data) ?? [];
  const rowsBefore = (list.data?.pageParams as PageStart[] | undefined)?.[0]?.rowsBefore ?? 0;
  return {
    rows,
    rowsBefore,
    /** Known once the last page is. */
    total: list.hasNextPage ? null : rowsBefore + rows.length,
    hasMore: list.hasNextPage,
    isReading: list.isFetching,
    isReadingMore: list.isFetchingNextPage,
    onMore: () => void list.fetchNextPage(ONE_AT_A_TIME),
    onBefore: () => void list.fetchPreviousPage(ONE_AT_A_TIME),
  };
}

/** Newest first. */
export function useBatches(filter: BatchFilter) {
  return usePages(keys.batchList(filter), (at, signal) =>
    answered(api.GET('/v1/batches', { params: { query: { limit: BATCHES_PER_PAGE, ...filter, ...at } }, signal })),
  );
}

/** How many batches have each status, of those that a search finds. */
export function useBatchCounts(search: string) {
  return useQuery({
    queryKey: [...keys.batchCounts, search],
    placeholderData: keepPreviousData,
    queryFn: () => answered(api.GET('/v1/batch-counts', { params: { query: search === '' ? {} : { search } } })),
  });
}

/** Null: of no batch. */
export function useBatch(batchId: string | null) {
  return useQuery({
    queryKey: keys.batch(batchId ?? ''),
    enabled: batchId !== null,
    queryFn: () =>
      answered(api.GET('/v1/batches/{batchId}', { params: { path: { batchId: batchId ?? '' } } })),
  });
}
