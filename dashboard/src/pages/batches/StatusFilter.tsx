import { Chip, Group } from '@mantine/core';
import { BATCH_STATUSES, type BatchStatus } from '../../../../domain/batches/status.js';
import { count } from '../../parts/Count.js';
import { BATCH_SHOWN } from '../../../../domain/shown/statuses.js';

type StatusFilterProps = {
  chosen: readonly BatchStatus[];
  /** Undefined until they are read. */
  counts: Record<BatchStatus, number> | undefined;
  onChange: (chosen: BatchStatus[]) => void;
};

/** Those that are not over: what is watched. */
const ACTIVE: readonly BatchStatus[] = ['SCHEDULED', 'PENDING', 'RUNNING', 'PAUSED'];

/** Several statuses at once; none: all of them. */
export function StatusFilter({ chosen, counts, onChange }: StatusFilterProps) {
  const isActive = chosen.length === ACTIVE.length && ACTIVE.every((status) => chosen.includes(status));
  const toggle = (status: BatchStatus): void =>
    onChange(chosen.includes(status) ? chosen.filter((each) => each !== status) : [...chosen, status]);
  return (
    <Group gap={6} role="group" aria-label="Status">
      <Chip size="xs" checked={isActive} onChange={() => onChange(isActive ? [] : [...ACTIVE])}>
        Active {counts && count(ACTIVE.reduce((sum, status) => sum + counts[status], 0))}
      </Chip>
      {BATCH_STATUSES.map((status) => (
        <Chip key={status} size="xs" checked={chosen.includes(status)} onChange={() => toggle(status)}>
          {BATCH_SHOWN[status].label} {counts && count(counts[status])}
        </Chip>
      ))}
    </Group>
  );
}
