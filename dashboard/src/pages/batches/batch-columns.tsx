import { Anchor, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { Batch } from '../../api/client.js';
import { BatchActions } from '../../parts/batch/BatchActions.js';
import { count } from '../../parts/Count.js';
import type { Column } from '../../parts/DataTable.js';
import { Moment } from '../../parts/Moment.js';
import { ProgressBar } from '../../parts/batch/ProgressBar.js';
import { BatchBadge } from '../../parts/StatusBadge.js';
import { addressOf, nameOf } from '../../parts/batch/batch-name.js';

export const BATCH_COLUMNS: readonly Column<Batch>[] = [
  {
    id: 'name',
    header: 'Name',
    width: 'minmax(9rem, 3fr)',
    cell: (batch) => (
      <Anchor component={Link} to={addressOf(batch)} truncate display="block" title={nameOf(batch)}>
        <bdi dir="auto">{nameOf(batch)}</bdi>
      </Anchor>
    ),
  },
  { id: 'status', header: 'Status', width: '8.5rem', cell: ({ status }) => <BatchBadge status={status} /> },
  {
    id: 'progress',
    header: 'Progress',
    width: 'minmax(5rem, 2fr)',
    cell: ({ counters }) => <ProgressBar recipients={counters.recipients} />,
  },
  figure('recipients', 'Recipients', '5.5rem', ({ counters }) => counters.recipients.total),
  figure('sent', 'Sent', '4rem', ({ counters }) => counters.attempts.sent),
  figure('pickedUp', 'Picked Up', '5rem', ({ counters }) => counters.attempts.pickedUp),
  figure('successful', 'Successful', '5.5rem', ({ counters }) => counters.attempts.successful),
  { id: 'hours', header: 'Now', width: 'minmax(5.5rem, 1.4fr)', cell: (batch) => <Now batch={batch} /> },
  {
    id: 'created',
    header: 'Created',
    width: '6.5rem',
    cell: ({ createdAt }) => (
      <Text size="sm" span>
        <Moment at={createdAt} />
      </Text>
    ),
  },
  {
    id: 'actions',
    header: 'Actions',
    isHeaderHidden: true,
    width: '3.5rem',
    cell: (batch) => <BatchActions batch={batch} label={`Actions for ${nameOf(batch)}`} />,
  },
];

function figure(id: string, header: string, width: string, of: (batch: Batch) => number): Column<Batch> {
  return { id, header, width, isNumber: true, cell: (batch) => <Text size="sm">{count(of(batch))}</Text> };
}

/** Whether calling is allowed now, and when it will be. */
function Now({ batch }: { batch: Batch }) {
  const { why } = batch;
  if (batch.status === 'SCHEDULED' && batch.startAt)
    return (
      <Text size="sm" span>
        starts <Moment at={batch.startAt} zone={batch.timeZone} />
      </Text>
    );
  if (batch.status !== 'RUNNING' || !why) return null;
  if (why.reason !== 'OUTSIDE_HOURS')
    return (
      <Text size="sm" span>
        open
      </Text>
    );
  return (
    <Text size="sm" span>
      {why.until ? (
        <>
          opens <Moment at={why.until} zone={batch.timeZone} />
        </>
      ) : (
        'closed'
      )}
    </Text>
  );
}
