import { Anchor, Group, Progress, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { Schemas } from '../../api/client.js';
import { count } from '../../parts/Count.js';
import { DataTable, type Column } from '../../parts/DataTable.js';
import { Panel } from '../../parts/Panel.js';
import { BatchBadge } from '../../parts/StatusBadge.js';

type Share = Schemas['Usage']['batches'][number];

/** Which batches have the slots, which wait for some, and how many each comes to hold. */
export function BatchShares({ batches }: { batches: readonly Share[] }) {
  return (
    <Panel title="Batches" about="Slots are shared evenly among the batches that want some.">
      <DataTable<Share>
        label="Batches and their slots"
        columns={COLUMNS}
        rows={batches}
        keyOf={({ id }) => id}
        total={batches.length}
        hasMore={false}
        isReadingMore={false}
        onMore={() => undefined}
        empty={
          <Text size="sm" c="dimmed">
            No batch has a call, or waits for a slot.
          </Text>
        }
      />
    </Panel>
  );
}

const COLUMNS: readonly Column<Share>[] = [
  {
    id: 'name',
    header: 'Batch',
    width: 'minmax(9rem, 3fr)',
    cell: ({ id, name }) => (
      <Anchor component={Link} to={`/batches/${id}`} size="sm" truncate display="block" title={name}>
        <bdi dir="auto">{name}</bdi>
      </Anchor>
    ),
  },
  { id: 'status', header: 'Status', width: '9rem', cell: ({ status }) => <BatchBadge status={status} /> },
  {
    id: 'live',
    header: 'Live',
    width: '8rem',
    isNumber: true,
    cell: ({ live, fairShare }) => (
      <Group gap="xs" wrap="nowrap" display="inline-flex">
        <Progress
          aria-hidden
          w={64}
          visibleFrom="sm"
          value={fairShare === 0 ? 0 : Math.min(100, (100 * live) / fairShare)}
        />
        <span>{count(live)}</span>
      </Group>
    ),
  },
  {
    id: 'share',
    header: 'Fair share',
    width: '6rem',
    isNumber: true,
    cell: ({ fairShare }) => <span>{count(fairShare)}</span>,
  },
  {
    id: 'waiting',
    header: 'Waiting',
    width: '6rem',
    isNumber: true,
    cell: ({ waiting }) => <span>{count(waiting)}</span>,
  },
];
