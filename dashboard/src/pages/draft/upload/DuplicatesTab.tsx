import { Skeleton, Text } from '@mantine/core';
import type { Schemas } from '../../../api/client.js';
import { rowsOf } from '../../../api/queries.js';
import { DataTable, type Column } from '../../../parts/DataTable.js';
import { EmptyState } from '../../../parts/EmptyState.js';
import { ErrorState } from '../../../parts/ErrorState.js';
import { useDuplicates } from './import-queries.js';

type Duplicate = Schemas['Duplicates']['data'][number];

const WORDS: Record<Duplicate['duplicateOf'][number], string> = {
  file: 'an earlier row of the file has it',
  batch: 'the batch has it already',
  calledRecently: 'it was called lately',
};
const COLUMNS: readonly Column<Duplicate>[] = [
  { id: 'row', header: 'Row', width: '4rem', isNumber: true, cell: ({ rowNumber }) => rowNumber },
  {
    id: 'phone',
    header: 'Phone number',
    width: '12rem',
    cell: ({ phoneNumber }) => (
      <bdi dir="ltr" style={{ whiteSpace: 'nowrap' }}>
        {phoneNumber}
      </bdi>
    ),
  },
  {
    id: 'why',
    header: 'Why',
    width: 'minmax(12rem, 1fr)',
    cell: ({ duplicateOf }) => <Text size="sm">{duplicateOf.map((kind) => WORDS[kind]).join('; ')}</Text>,
  },
];

/** Accepted rows whose number occurs elsewhere. They are kept unless they are left out below. */
export function DuplicatesTab({ importId }: { importId: string }) {
  const found = useDuplicates(importId);
  if (found.isLoadingError) return <ErrorState error={found.error} onRetry={() => void found.refetch()} />;
  if (!found.data) return <Skeleton h={200} aria-label="Loading" />;
  return (
    <DataTable<Duplicate>
      label="Duplicates"
      columns={COLUMNS}
      {...rowsOf(found)}
      keyOf={({ rowNumber }) => String(rowNumber)}
      total={null}
      empty={<EmptyState title="No duplicates">Each number occurs once.</EmptyState>}
    />
  );
}
