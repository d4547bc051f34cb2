import { Button, Group, Skeleton, Stack, TextInput, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconPlus, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { BATCH_STATUSES, type BatchStatus } from '../../../../domain/batches/status.js';
import type { Batch } from '../../api/client.js';
import { rowsOf, useBatchCounts, useBatches } from '../../api/queries.js';
import { SEARCH_MARK } from '../../app/keys/keys.js';
import { useRoleLacks } from '../../app/session.js';
import { chosenSince, useAddress } from '../../app/use-address.js';
import { DataTable } from '../../parts/DataTable.js';
import { EmptyState } from '../../parts/EmptyState.js';
import { ErrorState } from '../../parts/ErrorState.js';
import { ReasonedButton } from '../../parts/ReasonedButton.js';
import { BATCH_COLUMNS } from './batch-columns.js';
import { StatusFilter } from './StatusFilter.js';

const SEARCHED_AFTER_MS = 250;

/** All batches of the workspace, as they go. The filter is in the address; what is searched for is not: it may be a name. */
export function BatchesPage() {
  const [params, change] = useAddress();
  const [search, setSearch] = useState('');
  const [asked] = useDebouncedValue(search.trim(), SEARCHED_AFTER_MS);
  const lacks = useRoleLacks('operator');
  const status = params.getAll('status').filter(isStatus);
  const batches = useBatches({ ...(status.length > 0 && { status }), ...(asked && { search: asked }) });
  const counts = useBatchCounts(asked).data?.counts;
  const isFiltered = status.length > 0 || asked !== '';
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1} size="h2">
          Batch Calls
        </Title>
        {lacks === null ? (
          <Button component={Link} to="/batches/new" leftSection={<IconPlus size={16} aria-hidden />}>
            Create Batch Call
          </Button>
        ) : (
          <ReasonedButton whyNot={lacks} leftSection={<IconPlus size={16} aria-hidden />}>
            Create Batch Call
          </ReasonedButton>
        )}
      </Group>
      <Group>
        <TextInput
          {...SEARCH_MARK}
          aria-label="Search by name or id"
          placeholder="Search by name or id"
          leftSection={<IconSearch size={16} aria-hidden />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <StatusFilter
          chosen={status}
          counts={counts}
          onChange={(next) => change({ status: chosenSince(status, next) })}
        />
      </Group>
      {batches.isLoadingError && <ErrorState error={batches.error} onRetry={() => void batches.refetch()} />}
      {batches.isPending && <Skeleton h={320} aria-label="Loading" />}
      {batches.data && (
        <DataTable<Batch>
          label="Batch Calls"
          columns={BATCH_COLUMNS}
          {...rowsOf(batches)}
          keyOf={({ id }) => id}
          empty={isFiltered ? <NoneFound /> : <NoneYet />}
        />
      )}
    </Stack>
  );
}

function NoneFound() {
  return (
    <EmptyState title="No batch is like this">Take a filter away, or search for another part of the name.</EmptyState>
  );
}

function NoneYet() {
  return (
    <EmptyState title="No batch yet">
      Upload a list of people, choose a voice agent and when calling is allowed: Dialwright calls everyone, once each.
    </EmptyState>
  );
}

function isStatus(text: string): text is BatchStatus {
  return (BATCH_STATUSES as readonly string[]).includes(text);
}
