import { useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { answered, api, type Schemas } from '../../../api/client.js';
import { keys, usePages } from '../../../api/queries.js';
import { useGuardedMutation } from '../../../app/changes/use-guarded-mutation.js';
import { showError } from '../../../parts/notices.js';

export type Import = Schemas['Import'];
export type ImportRow = Schemas['ImportRow'];

const ROWS_PER_PAGE = 100;
const LOOKED_AT_MS = 2_000;

const importKeys = {
  list: (batchId: string) => ['batch', batchId, 'imports'] as const,
  one: (importId: string) => ['import', importId] as const,
  rows: (importId: string, filter: object) => ['import', importId, 'rows', filter] as const,
  duplicates: (importId: string) => ['import', importId, 'duplicates'] as const,
};

/** Those of a draft, the newest first. */
export function useImports(batchId: string | null) {
  return useQuery({
    queryKey: importKeys.list(batchId ?? 'new'),
    enabled: batchId !== null,
    queryFn: () =>
      answered(
        api.GET('/v1/batches/{batchId}/imports', {
          params: { path: { batchId: batchId ?? '' }, query: { limit: 200 } },
        }),
      ),
    refetchInterval: ({ state }) => (state.data?.data.some(goesOn) ? LOOKED_AT_MS : false),
  });
}

/** One import as it goes: events tell of it, and while something goes on by itself it is asked for too. */
export function useImport(importId: string, isThere: boolean) {
  return useQuery({
    queryKey: importKeys.one(importId),
    enabled: isThere,
    queryFn: () => answered(api.GET('/v1/imports/{importId}', { params: { path: { importId } } })),
    refetchInterval: ({ state }) => (state.data && goesOn(state.data) ? LOOKED_AT_MS : false),
  });
}

function goesOn({ status, rowsOutstanding, fix }: Import): boolean {
  return status === 'RECEIVING' || rowsOutstanding || fix?.status === 'RUNNING' || fix?.status === 'UNDOING';
}

type RowFilter = { accepted: boolean; code?: Schemas['ImportProblem']['code'] };

export function useRows(importId: string, filter: RowFilter) {
  return usePages(importKeys.rows(importId, filter), (at, signal) =>
    answered(
      api.GET('/v1/imports/{importId}/rows', {
        params: { path: { importId }, query: { limit: ROWS_PER_PAGE, ...filter, ...at } },
        signal,
      }),
    ),
  );
}

export function useDuplicates(importId: string) {
  return usePages(importKeys.duplicates(importId), (at, signal) =>
    answered(
      api.GET('/v1/imports/{importId}/duplicates', {
        params: { path: { importId }, query: { limit: ROWS_PER_PAGE, ...at } },
        signal,
      }),
    ),
  );
}

/** Shows an import as it is now; its rows are read again. */
export function takeImport(client: QueryClient, read: Import): void {
  client.setQueryData(importKeys.one(read.id), read);
  void client.invalidateQueries({ queryKey: [...importKeys.one(read.id), 'rows'] });
  void client.invalidateQueries({ queryKey: importKeys.duplicates(read.id) });
  void client.invalidateQueries({ queryKey: importKeys.list(read.batchId) });
}

/** A change of an import through the API: what it answers is shown. */
export function useImportChange(onDone?: (read: Import) => void) {
  const client = useQueryClient();
  return useGuardedMutation({
    mutationFn: (ask: () => Promise<Import>) => ask(),
    onSuccess: (read) => {
      takeImport(client, read);
      if (read.status !== 'REVIEW') {
        void client.invalidateQueries({ queryKey: keys.batch(read.batchId) });
      }
      onDone?.(read);
    },
    onError: showError,
  });
}
