import type { RecipientStatus } from '../../../../../domain/recipients/status.js';
import { answered, api } from '../../../api/client.js';
import { keys, usePages } from '../../../api/queries.js';

const PER_PAGE = 100;

type RecipientQuery = { status: RecipientStatus | null; text: string };

/** Those of one status, or those whom a search finds: in the whole batch, since the API has no search within a status. */
export function useRecipients(batchId: string, { status, text }: RecipientQuery) {
  const path = { batchId };
  return usePages(keys.recipients(batchId, { status, text }), async (at, signal) => {
    if (text === '') {
      const query = { limit: PER_PAGE, ...(status !== null && { status }), ...at };
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
}
