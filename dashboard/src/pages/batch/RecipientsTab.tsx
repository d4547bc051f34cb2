import { Chip, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useSearchParams } from 'react-router';
import { RECIPIENT_STATUSES, type RecipientStatus } from '../../../../domain/recipients/status.js';
import { OUTCOME_SHOWN, RECIPIENT_SHOWN } from '../../../../domain/shown/statuses.js';
import { answered, api, type Batch, type Schemas } from '../../api/client.js';
import { keys, usePages } from '../../api/queries.js';
import { DataTable, type Column } from '../../parts/DataTable.js';
import { EmptyState } from '../../parts/EmptyState.js';
import { ErrorState } from '../../parts/ErrorState.js';
import { Moment } from '../../parts/Moment.js';
import { RecipientBadge } from '../../parts/StatusBadge.js';

type Recipient = Schemas['Recipient'];
const PER_PAGE = 100;

/** Who is in the batch, by status. */
export function RecipientsTab({ batch }: { batch: Batch }) {
  const [params, setParams] = useSearchParams();
  const status = RECIPIENT_STATUSES.find((each) => each === params.get('status')) ?? null;
  const people = useRecipients(batch.id, status);
  const rows = people.data?.pages.flatMap(({ data }) => data) ?? [];
  const { recipients } = batch.counters;
  const total = status === null ? recipients.total : recipients[status];
  return (
    <Stack gap="sm">
      <Chip.Group
        value={status ?? ''}
        onChange={(next) => setParams({ tab: 'recipients', ...(next && { status: String(next) }) })}
      >
        <Group gap={6} role="group" aria-label="Status of the recipients">
          <Chip size="xs" value="">
            All
          </Chip>
          {RECIPIENT_STATUSES.map((each) => (
            <Chip key={each} size="xs" value={each}>
              {RECIPIENT_SHOWN[each].label}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      {people.isError && <ErrorState error={people.error} onRetry={() => void people.refetch()} />}
      {people.isPending && <Skeleton h={240} aria-label="Loading" />}
      {people.data && (
        <DataTable<Recipient>
          label="Recipients"
          columns={columnsOf(batch)}
          rows={rows}
          keyOf={({ id }) => id}
          total={total}
          hasMore={people.hasNextPage}
          isReadingMore={people.isFetchingNextPage}
          onMore={() => void people.fetchNextPage()}
          empty={
            <EmptyState title={status === null ? 'No recipients yet' : 'Nobody has this status'}>
              {status === null ? 'Upload a CSV to add them.' : 'Choose another status, or all.'}
            </EmptyState>
          }
        />
      )}
    </Stack>
  );
}

function useRecipients(batchId: string, status: RecipientStatus | null) {
  const query = { limit: PER_PAGE, ...(status !== null && { status }) };
  return usePages(keys.recipients(batchId, { status }), (at, signal) =>
    answered(
      api.GET('/v1/batches/{batchId}/recipients', {
        params: { path: { batchId }, query: { ...query, ...at } },
        signal,
      }),
    ),
  );
}

function columnsOf({ timeZone }: Batch): readonly Column<Recipient>[] {
  return [
    {
      id: 'phoneNumber',
      header: 'Phone number',
      width: '11rem',
      cell: ({ phoneNumber }) => (
        <bdi dir="ltr" style={{ whiteSpace: 'nowrap' }}>
          {phoneNumber}
        </bdi>
      ),
    },
    {
      id: 'name',
      header: 'Name',
      width: 'minmax(8rem, 1.5fr)',
      cell: ({ name }) => (
        <Text size="sm" truncate title={name ?? ''}>
          <bdi dir="auto">{name}</bdi>
        </Text>
      ),
    },
    { id: 'status', header: 'Status', width: '9.5rem', cell: ({ status }) => <RecipientBadge status={status} /> },
    {
      id: 'attempts',
      header: 'Attempts',
      width: '5.5rem',
      isNumber: true,
      cell: ({ attemptCount, maxAttempts }) => <span>{`${attemptCount}/${maxAttempts}`}</span>,
    },
    {
      id: 'lastOutcome',
      header: 'Last outcome',
      width: '8rem',
      cell: ({ lastOutcome }) => <Text size="sm">{lastOutcome && OUTCOME_SHOWN[lastOutcome].label}</Text>,
    },
    {
      id: 'next',
      header: 'Waits for',
      width: 'minmax(10rem, 2fr)',
      cell: ({ waitingFor, lastError }) => (
        <Text size="sm" truncate title={waitingFor?.message ?? lastError ?? ''}>
          {waitingFor?.until && (
            <>
              <Moment at={waitingFor.until} zone={timeZone} />{' '}
            </>
          )}
          {waitingFor?.message ?? lastError}
        </Text>
      ),
    },
  ];
}
