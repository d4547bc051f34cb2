import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { RecipientStatus } from '../../../../../domain/recipients/status.js';
import { answered, api, type Batch } from '../../../api/client.js';
import { keys, rowsOf, usePages } from '../../../api/queries.js';
import { useHeldRows } from './use-held-rows.js';

const PER_PAGE = 100;
/** The list is read again at most so often; each page that was read costs a request. */
const AGAIN_MS_PER_PAGE = 1_500;

/** What the API can order by. A search has an order of its own. */
export type RecipientOrder = 'ordinal' | 'status';
type RecipientQuery = { status: RecipientStatus | null; text: string; sort: RecipientOrder };

/** Those of one status, or those whom a search finds: in the whole batch, since the API has no search within a status. */
export function useRecipients(batch: Batch, { status, text, sort }: RecipientQuery) {
  const path = { batchId: batch.id };
  const list = usePages(keys.recipients(batch.id, { status, text, sort }), async (at, signal) => {
    if (text === '') {
      const query = { limit: PER_PAGE, sort, ...(status !== null && { status }), ...at };
      return answered(api.GET('/v1/batches/{batchId}/recipients', { params: { path, query }, signal }));
    }
    const found = await answered(
      api.POST('/v1/batches/{batchId}/recipients/search', {
        params: { path },
        body: { text, limit: PER_PAGE, ...at },
        signal,
      }),
    );
    return { ...found, data: found.data.filter((each) => status === null || each.status === status) };
  });
  useReadAgain(batch, list.data?.pages.length ?? 1);
  const isMoving = status !== null || (sort === 'status' && text === '');
  const isSettled = list.data !== undefined && !list.isPlaceholderData;
  const { rows, rowsBefore } = rowsOf(list);
  // Put in order anew, too, when pages come to the window or leave it.
  const order = isMoving && isSettled ? `${status} ${sort} ${text} ${rowsBefore}` : null;
  return { list, ...useHeldRows(rows, order) };
}

/** Reads the list again when the batch has moved, and when it is opened: no event tells of one recipient. */
function useReadAgain({ id, counters: { countedAt } }: Batch, pages: number): void {
  const client = useQueryClient();
  const lastMs = useRef(0);
  const cost = useRef(pages);
  useEffect(() => {
    cost.current = pages;
  }, [pages]);
  useEffect(() => {
    const waitMs = Math.max(0, lastMs.current + AGAIN_MS_PER_PAGE * cost.current - Date.now());
    const timer = setTimeout(() => {
      lastMs.current = Date.now();
      void client.invalidateQueries({ queryKey: ['batch', id, 'recipients'] }, { cancelRefetch: false });
    }, waitMs);
    return () => clearTimeout(timer);
  }, [client, id, countedAt]);
}
