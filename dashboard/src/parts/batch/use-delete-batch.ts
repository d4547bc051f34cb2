import { useQueryClient } from '@tanstack/react-query';
import { useLocation, useNavigate } from 'react-router';
import { BATCH_SHOWN } from '../../../../domain/shown/statuses.js';
import { answered, api, type Batch } from '../../api/client.js';
import { keys } from '../../api/queries.js';
import { useGuardedMutation } from '../../app/changes/use-guarded-mutation.js';
import { counted } from '../Count.js';
import { showDone, showError } from '../notices.js';
import { showUndoable } from '../undo-notice.js';
import { nameOf } from './batch-name.js';

/** Deletes a batch, and offers to take it back for ten seconds. Whoever looks at the batch is brought to the list. */
export function useDeleteBatch(batch: Batch, onDone: () => void) {
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const client = useQueryClient();
  const params = { path: { batchId: batch.id } };
  const toCancel = batch.allowedActions.cancel.count ?? 0;
  const listAgain = (): Promise<unknown> =>
    Promise.all([keys.batches, keys.batchCounts].map((queryKey) => client.invalidateQueries({ queryKey })));
  const restore = useGuardedMutation({
    mutationFn: () => answered(api.POST('/v1/batches/{batchId}/restore', { params })),
    onSuccess: async (restored) => {
      client.setQueryData(keys.batch(batch.id), restored);
      showDone(`“${nameOf(batch)}” is back. It is ${BATCH_SHOWN[restored.status].label.toLowerCase()}.`);
      await listAgain();
    },
    onError: showError,
  });
  return useGuardedMutation({
    mutationFn: () => answered(api.DELETE('/v1/batches/{batchId}', { params })),
    onSuccess: async ({ wasCancelled }) => {
      onDone();
      if (pathname.startsWith(`/batches/${batch.id}`)) await navigate('/batches');
      const cancelled = wasCancelled ? ` ${counted(toCancel, 'call was', 'calls were')} cancelled.` : '';
      showUndoable(`“${nameOf(batch)}” was deleted.${cancelled}`, () => restore.mutate());
      await listAgain();
    },
    onError: (err) => {
      showError(err);
      onDone();
    },
  });
}
