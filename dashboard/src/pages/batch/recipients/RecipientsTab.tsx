import { Group, Skeleton, Stack } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState, type CSSProperties } from 'react';
import { RECIPIENT_STATUSES } from '../../../../../domain/recipients/status.js';
import type { Batch, Schemas } from '../../../api/client.js';
import { rowsOf } from '../../../api/queries.js';
import { useAddress } from '../../../app/use-address.js';
import { DataTable } from '../../../parts/DataTable.js';
import { EmptyState } from '../../../parts/EmptyState.js';
import { ErrorState } from '../../../parts/ErrorState.js';
import { ChangedNote } from './ChangedNote.js';
import { ColumnChoice } from './ColumnChoice.js';
import { Jobs } from './Jobs.js';
import { OrderButton } from './OrderButton.js';
import { RecipientDrawer } from './RecipientDrawer.js';
import { RecipientFilter } from './RecipientFilter.js';
import { SelectionBar } from './SelectionBar.js';
import { useColumnsShown } from './column-choice.js';
import { columnsOf, variablesIn } from './recipient-columns.js';
import { useRecipients } from './use-recipients.js';

type Recipient = Schemas['Recipient'];
const SEARCHED_AFTER_MS = 250;
/** So wide is the table at least, and for each column that was added, so that no cell gets too narrow. */
const [TABLE_REM, ADDED_REM, COLUMNS_AT_FIRST] = [54, 8, 7];

/** Who is in the batch: by status, by search, one by one, or many at once. */
export function RecipientsTab({ batch }: { batch: Batch }) {
  const [params, change] = useAddress();
  const [search, setSearch] = useState('');
  const [text] = useDebouncedValue(search.trim(), SEARCHED_AFTER_MS);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [shown, setShown] = useColumnsShown();
  const status = RECIPIENT_STATUSES.find((each) => each === params.get('status')) ?? null;
  const sort = params.get('sort') === 'status' ? 'status' : 'ordinal';
  const { list, rows, changed, refresh } = useRecipients(batch, { status, text, sort });
  const { recipients } = batch.counters;
  const total = text !== '' ? null : status === null ? recipients.total : recipients[status];
  const variables = variablesIn(rows);
  const toggle = (id: string): void =>
    setChosen((now) => new Set(now.has(id) ? [...now].filter((each) => each !== id) : [...now, id]));
  const columns = columnsOf(batch, {
    ...{ chosen, toggle, open: (id) => change({ recipient: id }) },
    shown: { ...shown, variables: shown.variables.filter((name) => variables.includes(name)) },
  });
  const tableRem = TABLE_REM + ADDED_REM * Math.max(0, columns.length - COLUMNS_AT_FIRST);
  return (
    <Stack gap="sm">
      <RecipientFilter
        counts={recipients}
        status={status}
        onStatus={(next) => change({ status: next })}
        search={search}
        onSearch={setSearch}
        extra={
          <Group gap="xs">
            <ColumnChoice variables={variables} shown={shown} onChange={setShown} />
            <OrderButton
              order={sort}
              isSearching={text !== ''}
              onOrder={(next) => change({ sort: next === 'status' ? next : null })}
            />
            <ChangedNote changed={changed} onRefresh={refresh} />
          </Group>
        }
      />
      <Jobs batchId={batch.id} />
      <SelectionBar
        // What is meant by "all" is another thing with another filter.
        key={`${status} ${text} ${chosen.size === 0}`}
        batch={batch}
        filter={{ ...(status !== null && { status }), ...(text !== '' && { text }) }}
        chosen={chosen}
        total={total}
        onDone={() => setChosen(new Set())}
      />
      {list.isLoadingError && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Skeleton h={240} aria-label="Loading" />}
      {list.data && (
        <div style={{ '--table-inline-size': `${tableRem}rem` } as CSSProperties}>
          <DataTable<Recipient>
            label="Recipients"
            columns={columns}
            {...rowsOf(list)}
            rows={rows}
            keyOf={({ id }) => id}
            total={total}
            empty={<NobodyHere isWhole={status === null && text === ''} />}
          />
        </div>
      )}
      <RecipientDrawer id={params.get('recipient')} batch={batch} onClose={() => change({ recipient: null })} />
    </Stack>
  );
}

function NobodyHere({ isWhole }: { isWhole: boolean }) {
  if (isWhole) return <EmptyState title="No recipients yet">Upload a CSV to add them.</EmptyState>;
  return <EmptyState title="Nobody is like this">Choose another status, or search for another text.</EmptyState>;
}
