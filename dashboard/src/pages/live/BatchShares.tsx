import { Anchor, Group, Progress, Table, Text } from '@mantine/core';
import { Link } from 'react-router';
import type { Schemas } from '../../api/client.js';
import { count } from '../../parts/Count.js';
import { Panel } from '../../parts/Panel.js';
import { BatchBadge } from '../../parts/StatusBadge.js';

/** Who has the slots, who waits for some, and how many each comes to hold. */
export function BatchShares({ batches }: { batches: Schemas['Usage']['batches'] }) {
  return (
    <Panel title="Batches" about="Slots are shared evenly among the batches that want some.">
      {batches.length === 0 ? (
        <Text size="sm" c="dimmed">
          No batch has a call, or waits for a slot.
        </Text>
      ) : (
        <Table.ScrollContainer minWidth={320}>
          <Table aria-label="Batches and their slots">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Batch</Table.Th>
                <Table.Th>Status</Table.Th>
                <Table.Th ta="end">Live</Table.Th>
                <Table.Th ta="end">Fair share</Table.Th>
                <Table.Th ta="end">Waiting</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {batches.map(({ id, name, status, live, fairShare, waiting }) => (
                <Table.Tr key={id}>
                  <Table.Td maw={280}>
                    <Anchor component={Link} to={`/batches/${id}`} size="sm" truncate display="block" title={name}>
                      <bdi dir="auto">{name}</bdi>
                    </Anchor>
                  </Table.Td>
                  <Table.Td>
                    <BatchBadge status={status} />
                  </Table.Td>
                  <Table.Td>
                    <Group gap="xs" justify="flex-end" wrap="nowrap">
                      <Progress
                        aria-hidden
                        w={64}
                        visibleFrom="sm"
                        value={fairShare === 0 ? 0 : Math.min(100, (100 * live) / fairShare)}
                      />
                      <span>{count(live)}</span>
                    </Group>
                  </Table.Td>
                  <Table.Td ta="end">{count(fairShare)}</Table.Td>
                  <Table.Td ta="end">{count(waiting)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Panel>
  );
}
