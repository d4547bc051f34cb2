import { Anchor } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Batch } from '../../api/client.js';
import { useAllAgents, useAllNumbers } from '../../api/setup-queries.js';

/** A number or an agent that is disabled pauses its batches: they are resumed once it is enabled, and refused before. */
export function PausedAction({ batch, resume }: { batch: Batch; resume: ReactNode }) {
  const number = useAllNumbers().data?.find(({ id }) => id === batch.fromNumber?.id);
  const agent = useAllAgents().data?.find(({ id }) => id === batch.agent?.id);
  const address =
    number && (number.disabled || !number.outbound) ? '/settings/numbers' : agent?.disabled ? '/settings/agents' : null;
  if (address === null) return resume;
  return (
    <Anchor component={Link} to={address} size="sm">
      Enable
    </Anchor>
  );
}
