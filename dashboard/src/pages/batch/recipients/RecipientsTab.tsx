import { Skeleton, Stack } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { RECIPIENT_STATUSES } from '../../../../../domain/recipients/status.js';
import type { Batch, Schemas } from '../../../api/client.js';
import { DataTable } from '../../../parts/DataTable.js';
import { EmptyState } from '../../../parts/EmptyState.js';
import { ErrorState } from '../../../parts/ErrorState.js';
import { ColumnChoice } from './ColumnChoice.js';
import { Jobs } from './Jobs.js';
import { RecipientDrawer } from './RecipientDrawer.js';
import { RecipientFilter } from './RecipientFilter.js';
import { SelectionBar } from './SelectionBar.js';
import { columnsOf, variablesIn } from './recipient-columns.js';
import { useRecipients } from './use-recipients.js';

type Recipient = Schemas['Recipient'];
const SEARCHED_AFTER_MS = 250;

/** Who is in the batch: by status, by search, one by one, or many at once. */
export function RecipientsTab({ batch }: { batch: Batch }) {
  const [params, setParams] = useSearchParams();
  const [search, setSearch] = useState('');
  const [text] = useDebouncedValue(search.trim(), SEARCHED_AFTER_MS);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [variables, setVariables] = useState<readonly string[]>([]);
  const status = RECIPIENT_STATUSES.find((each) => each === params.get('status')) ?? null;
  const people = useRecipients(batch.id, { status, text });
  const rows = people.data?.pages.flatMap(({ data }) => data) ?? [];
  const { recipients } = batch.counters;
  const total = text !== '' ? null : status === null ? recipients.total : recipients[status];
  const change = (name: string, value: string | null): void =>
    setParams((now) => {
      if (value === null) now.delete(name);
      else now.set(name, value);
      return now;
    });
  const toggle = (id: string): void =>
    setChosen((now) => new Set(now.has(id) ? [...now].filter((each) => each !== id) : [...now, id]));
  return (
    <Stack gap="sm">
      <RecipientFilter
        counts={recipients}
        status={status}
        onStatus={(next) => change('status', next)}
        search={search}
        onSearch={setSearch}
        extra={<ColumnChoice all={variablesIn(rows)} chosen={variables} onChange={setVariables} />}
      />
      <Jobs batchId={batch.id} />
      <SelectionBar
        batch={batch}
        filter={{ ...(status !== null && { status }), ...(text !== '' && { text }) }}
        chosen={chosen}
        total={total}
        onDone={() => setChosen(new Set())}
      />
      {people.isLoadingError && <ErrorState error={people.error} onRetry={() => void people.refetch()} />}
      {people.isPending && <Skeleton h={240} aria-label="Loading" />}
      {people.data && (
        <DataTable<Recipient>
          label="Recipients"
          columns={columnsOf(batch, { chosen, toggle, variables, open: (id) => change('recipient', id) })}
          rows={rows}
          keyOf={({ id }) => id}
          total={total}
          hasMore={people.hasNextPage}
          isReadingMore={people.isFetchingNextPage}
          onMore={() => void people.fetchNextPage()}
          empty={<NobodyHere isWhole={status === null && text === ''} />}
        />
      )}
      <RecipientDrawer id={params.get('recipient')} batch={batch} onClose={() => change('recipient', null)} />
    </Stack>
  );
}

function NobodyHere({ isWhole }: { isWhole: boolean }) {
  if (isWhole) return <EmptyState title="No recipients yet">Upload a CSV to add them.</EmptyState>;
  return <EmptyState title="Nobody is like this">Choose another status, or search for another text.</EmptyState>;
}
