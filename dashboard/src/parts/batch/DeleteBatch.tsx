import { Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { Batch } from '../../api/client.js';
import { Confirm } from '../Confirm.js';
import { counted } from '../Count.js';
import { nameOf } from './batch-name.js';
import { useDeleteBatch } from './use-delete-batch.js';

/** Deletes at once what comes back as it was. What is open is cancelled, for good: that is asked before. */
export function DeleteBatch({ batch, onClose }: { batch: Batch; onClose: () => void }) {
  const remove = useDeleteBatch(batch, onClose);
  const [asks] = useState(batch.allowedActions.cancel.allowed);
  // React draws a new part twice while it is worked on.
  const isBegun = useRef(false);
  const { mutate } = remove;
  useEffect(() => {
    if (asks || isBegun.current) return;
    isBegun.current = true;
    mutate();
  }, [asks, mutate]);
  if (!asks) return null;
  const calls = counted(batch.allowedActions.cancel.count ?? 0, 'call', 'calls');
  const { sent } = batch.counters.attempts;
  return (
    <Confirm
      title={`Delete “${nameOf(batch)}” and cancel ${calls}?`}
      verb={`Delete and cancel ${calls}`}
      keep="Keep it"
      isDoing={remove.isPending}
      onConfirm={() => mutate()}
      onClose={onClose}
    >
      <Text>
        {sent > 0 && `Records of ${counted(sent, 'call', 'calls')} are kept. `}
        It can be restored, and comes back as Cancelled: its calls stay cancelled until they are called again.
      </Text>
    </Confirm>
  );
}
