import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useNavigate } from 'react-router';
import { answered, api, type Batch } from '../../api/client.js';
import { PageError } from '../../api/page-error.js';
import { keys } from '../../api/queries.js';
import { useGuardedMutation } from '../../app/changes/use-guarded-mutation.js';
import { showError } from '../../parts/notices.js';
import { fieldsOf, isSame } from './draft-fields.js';
import type { Draft } from './use-draft.js';

const ZONES_LOOKED_AT_MS = 500;
/** Those of a million recipients take longer, and with no worker they are never found: then a person presses again. */
const ZONES_AWAITED_MS = 20_000;

/** Creates what was seen, once: a batch that has changed meanwhile is looked at again. */
export function useSubmit({ saver }: Draft) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const isLeft = useRef(false);
  useEffect(() => {
    isLeft.current = false;
    return () => void (isLeft.current = true);
  }, []);
  return useGuardedMutation({
    mutationFn: async () => {
      const saved = await saver.flush();
      if (!saved) throw new PageError('The last changes are not saved. Look at what the page says of them.');
      const { id, version } = await withZones(saved, isLeft);
      return answered(
        api.POST('/v1/batches/{batchId}/submit', {
          params: { path: { batchId: id }, header: { 'If-Match': `"${version}"` } },
          body: {},
        }),
      );
    },
    onSuccess: async (batch) => {
      await navigate(`/batches/${batch.id}`);
      client.setQueryData(keys.batch(batch.id), batch);
      void client.invalidateQueries({ queryKey: keys.batches });
    },
    onError: (err) => {
      if (saver.batchId !== null) void client.invalidateQueries({ queryKey: keys.batch(saver.batchId), exact: true });
      showError(err);
    },
  });
}

/**
 * What was chosen last may be whose clock counts, and the zones of many recipients take a moment: it is created once they are
 * there. @returns what was seen, in the version that it has by then; as it was seen, when somebody has changed it meanwhile
 * @throws PageError when that takes too long, or the page was left: nobody is called without a look at it
 */
async function withZones(seen: Batch, isLeft: { readonly current: boolean }): Promise<Batch> {
  const awaitedUntilMs = performance.now() + ZONES_AWAITED_MS;
  let now = seen;
  while (now.zonesOutstanding && hasTheSame(now, seen)) {
    if (performance.now() > awaitedUntilMs)
      throw new PageError('The time zones of the recipients are still being found. Create the batch when they are.');
    await new Promise((resolve) => setTimeout(resolve, ZONES_LOOKED_AT_MS));
    now = await answered(api.GET('/v1/batches/{batchId}', { params: { path: { batchId: seen.id } } }));
    if (isLeft.current)
      throw new PageError('The batch was not created: its page was left while time zones were being found.');
  }
  return hasTheSame(now, seen) ? now : seen;
}

function hasTheSame(now: Batch, seen: Batch): boolean {
  return isSame(fieldsOf(now), fieldsOf(seen)) && now.counters.recipients.total === seen.counters.recipients.total;
}
