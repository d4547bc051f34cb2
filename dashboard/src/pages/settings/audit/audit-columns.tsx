import { Text } from '@mantine/core';
import { actionLabel, TARGET_LABELS } from '../../../../../domain/shown/audit.js';
import type { Schemas } from '../../../api/client.js';
import { CopyId } from '../../../parts/CopyId.js';
import type { Column } from '../../../parts/DataTable.js';
import { Moment } from '../../../parts/Moment.js';
import { AuditChange } from './AuditChange.js';

type Entry = Schemas['AuditEntry'];

export const AUDIT_COLUMNS: readonly Column<Entry>[] = [
  {
    id: 'at',
    header: 'When',
    width: '9rem',
    cell: ({ at }) => (
      <Text size="sm" span>
        <Moment at={at} />
      </Text>
    ),
  },
  {
    id: 'what',
    header: 'What',
    width: 'minmax(8rem, 1.3fr)',
    cell: ({ action, applied }) => (
      <Text size="sm">
        {actionLabel(action)}
        {!applied && action !== 'refused' && ' (refused)'}
      </Text>
    ),
  },
  {
    id: 'target',
    header: 'To what',
    width: 'minmax(9rem, 1.5fr)',
    cell: ({ targetKind, targetId }) => (
      <div>
        <Text size="sm">{targetKind && TARGET_LABELS[targetKind]}</Text>
        {targetId !== null && <CopyId value={targetId} what="the id" />}
      </div>
    ),
  },
  {
    id: 'who',
    header: 'Who',
    width: 'minmax(8rem, 1.5fr)',
    cell: ({ actor, actorName, actorFrom }) => (
      <div>
        <Text size="sm" truncate title={actorName ?? actor}>
          <bdi dir="auto">{actorName ?? actor}</bdi>
        </Text>
        {actorFrom !== null && (
          <Text size="xs" c="dimmed" truncate>
            from {actorFrom}
          </Text>
        )}
      </div>
    ),
  },
  {
    id: 'change',
    header: 'Before and after',
    width: 'minmax(12rem, 3fr)',
    cell: (entry) => <AuditChange entry={entry} />,
  },
];
