import { Button, Group, Skeleton, Stack, Table, Text } from '@mantine/core';
import { answered, api } from '../../api/client.js';
import { rowsOf, usePages } from '../../api/queries.js';
import { EmptyState } from '../../parts/EmptyState.js';
import { ErrorState } from '../../parts/ErrorState.js';
import { Moment } from '../../parts/Moment.js';

/** Who did what with the batch, newest first; refused things too. */
export function ActivityTab({ batchId }: { batchId: string }) {
  const events = usePages(['batch', batchId, 'events'], (at, signal) =>
    answered(api.GET('/v1/batches/{batchId}/events', { params: { path: { batchId }, query: at }, signal })),
  );
  if (events.isLoadingError) return <ErrorState error={events.error} onRetry={() => void events.refetch()} />;
  if (!events.data) return <Skeleton h={200} aria-label="Loading" />;
  const { rows, rowsBefore, onBefore } = rowsOf(events);
  if (rows.length === 0)
    return <EmptyState title="Nothing yet">What is done with the batch is listed here.</EmptyState>;
  return (
    <Stack>
      {rowsBefore > 0 && (
        <Group justify="center">
          <Button variant="default" loading={events.isFetchingPreviousPage} onClick={onBefore}>
            Show later
          </Button>
        </Group>
      )}
      <Table.ScrollContainer minWidth={320}>
        <Table aria-label="Activity">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>When</Table.Th>
              <Table.Th>What</Table.Th>
              <Table.Th>Who</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(({ at, action, actor, applied, advice }, index) => (
              <Table.Tr key={rowsBefore + index}>
                <Table.Td>
                  <Moment at={at} />
                </Table.Td>
                <Table.Td>
                  <Text size="sm">
                    {action}
                    {applied ? '' : ' (refused)'}
                  </Text>
                  {advice && (
                    <Text size="xs" c="dimmed">
                      {advice}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td>
                  <Text size="sm" truncate maw={220} title={actor}>
                    {actor}
                  </Text>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {events.hasNextPage && (
        <Group justify="center">
          <Button variant="default" loading={events.isFetchingNextPage} onClick={() => void events.fetchNextPage()}>
            Show earlier
          </Button>
        </Group>
      )}
    </Stack>
  );
}
