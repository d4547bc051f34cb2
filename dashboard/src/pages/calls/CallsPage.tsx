import '../../app/mantine-styles-of-pages.js';
import { Button, Group, Skeleton, Stack, Title } from '@mantine/core';
import { IconDownload, IconRefresh } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { answered, api, type Schemas } from '../../api/client.js';
import { keys, rowsOf, usePages } from '../../api/queries.js';
import { chosenSince, useAddress } from '../../app/use-address.js';
import { DataTable } from '../../parts/DataTable.js';
import { EmptyState } from '../../parts/EmptyState.js';
import { ErrorState } from '../../parts/ErrorState.js';
import { CallDrawer } from './CallDrawer.js';
import { CallFigures } from './CallFigures.js';
import { CallFilters } from './CallFilters.js';
import { CALL_COLUMNS } from './call-columns.js';
import { csvAddress, filterOf, queryOf, type CallQuery } from './call-filter.js';

const PER_PAGE = 100;

/** Every call of the workspace. What is shown, and the open call, are in the address. */
export function CallsPage() {
  const client = useQueryClient();
  const [params, change] = useAddress();
  const filter = filterOf(params);
  const query = queryOf(filter);
  const calls = useCalls(query);
  const open = params.get('call');
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1} size="h2">
          Calls
        </Title>
        <Group gap="xs">
          <Button
            variant="default"
            loading={calls.isRefetching && !calls.isFetchingNextPage}
            leftSection={<IconRefresh size={16} aria-hidden />}
            onClick={() => void client.invalidateQueries({ queryKey: keys.calls })}
          >
            Reload
          </Button>
          <Button
            component="a"
            href={csvAddress(query)}
            download
            variant="default"
            leftSection={<IconDownload size={16} aria-hidden />}
          >
            Download CSV
          </Button>
        </Group>
      </Group>
      <CallFilters filter={filter} onChange={change} />
      <CallFigures filter={filter} onOutcomes={(next) => change({ outcome: chosenSince(filter.outcomes, next) })} />
      {calls.isLoadingError && <ErrorState error={calls.error} onRetry={() => void calls.refetch()} />}
      {calls.isPending && <Skeleton h={320} aria-label="Loading" />}
      {calls.data && (
        <DataTable<Schemas['Call']>
          label="Calls"
          columns={CALL_COLUMNS}
          {...rowsOf(calls)}
          keyOf={({ id }) => id}
          empty={
            <EmptyState title="No call is like this">
              Choose other days, or take a filter away. Calls are listed as soon as they begin.
            </EmptyState>
          }
        />
      )}
      {open !== null && <CallDrawer callId={open} onClose={() => change({ call: null })} />}
    </Stack>
  );
}

function useCalls(query: CallQuery) {
  return usePages([...keys.calls, 'list', query], (at, signal) =>
    answered(api.GET('/v1/calls', { params: { query: { limit: PER_PAGE, ...query, ...at } }, signal })),
  );
}
