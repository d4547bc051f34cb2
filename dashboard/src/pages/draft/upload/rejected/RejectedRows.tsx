import { Button, Skeleton, Stack, Text } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { Suspense, useState } from 'react';
import { lazyPart } from '../../../../api/lazy-part.js';
import type { Batch, Schemas } from '../../../../api/client.js';
import { rowsOf } from '../../../../api/queries.js';
import { DataTable, type Column } from '../../../../parts/DataTable.js';
import { EmptyState } from '../../../../parts/EmptyState.js';
import { ErrorState } from '../../../../parts/ErrorState.js';
import { useRows, type Import, type ImportRow } from '../import-queries.js';
import { fieldsOfRow, problemsByHeader } from './row-fields.js';
import classes from '../upload.module.css';
import type { ReadAs } from '../uploads.js';

const RowEditor = lazyPart(async () => (await import('./RowEditor.js')).RowEditor);

type RejectedRowsProps = {
  read: Import;
  batch: Batch;
  /** Undefined: all of them. */
  code: Schemas['ImportProblem']['code'] | undefined;
  readAs: ReadAs | undefined;
};

/** The rejected rows of a kind, what is wrong with each cell, and the editor beside them. */
export function RejectedRows({ read, batch, code, readAs }: RejectedRowsProps) {
  const [editing, setEditing] = useState<ImportRow | null>(null);
  const rows = useRows(read.id, { accepted: false, ...(code && { code }) });
  if (rows.isLoadingError) return <ErrorState error={rows.error} onRetry={() => void rows.refetch()} />;
  if (!rows.data) return <Skeleton h={240} aria-label="Loading" />;
  const list = rowsOf(rows);
  const all = list.rows;
  const next = all.find(({ rowNumber }) => rowNumber > (editing?.rowNumber ?? 0)) ?? null;
  return (
    <div className={`${classes['rows']} ${editing ? classes['editing'] : ''}`}>
      <DataTable<ImportRow>
        label="Rejected rows"
        columns={columnsOf(read, editing, setEditing)}
        {...list}
        keyOf={({ rowNumber }) => String(rowNumber)}
        total={code ? null : read.rejectedRows}
        empty={<EmptyState title="None left">All rows of this kind are repaired or left out.</EmptyState>}
      />
      {editing && (
        <Suspense fallback={<Skeleton h={240} aria-label="Loading" />}>
          <RowEditor
            key={editing.rowNumber}
            row={editing}
            read={read}
            batch={batch}
            readAs={readAs}
            hasNext={next !== null}
            onSaved={(isNext) => setEditing(isNext ? next : null)}
            onClose={() => setEditing(null)}
          />
        </Suspense>
      )}
    </div>
  );
}

function columnsOf(
  read: Import,
  editing: ImportRow | null,
  onEdit: (row: ImportRow) => void,
): readonly Column<ImportRow>[] {
  const headerOf = (kind: string): string => read.columns?.find(({ takenAs }) => takenAs === kind)?.header ?? '';
  const [phone, name] = [headerOf('phoneNumber'), headerOf('name')];
  return [
    { id: 'row', header: 'Row', width: '3.5rem', isNumber: true, cell: ({ rowNumber }) => rowNumber },
    {
      id: 'phone',
      header: 'Phone number',
      width: 'minmax(9rem, 1fr)',
      cell: (row) => (
        <bdi dir="ltr" className={isWrong(row, 'phoneNumber') ? classes['bad'] : undefined}>
          {row.cells?.[phone] || '(empty)'}
        </bdi>
      ),
    },
    {
      id: 'name',
      header: 'Name',
      width: 'minmax(7rem, 1fr)',
      cell: ({ cells }) => (
        <Text size="sm" truncate title={cells?.[name] ?? ''}>
          <bdi dir="auto">{cells?.[name]}</bdi>
        </Text>
      ),
    },
    {
      id: 'problems',
      header: 'What is wrong',
      width: 'minmax(14rem, 3fr)',
      cell: (row) => (
        <Stack gap={0}>
          {[...problemsByHeader(row.problems, fieldsOfRow(row, read.columns ?? []))].map(([header, message]) => (
            <Text key={header} size="sm">
              {message}
            </Text>
          ))}
        </Stack>
      ),
    },
    {
      id: 'edit',
      header: 'Edit',
      isHeaderHidden: true,
      width: '5.25rem',
      cell: (row) => (
        <Button
          size="compact-sm"
          variant={row.rowNumber === editing?.rowNumber ? 'filled' : 'default'}
          leftSection={<IconPencil size={14} aria-hidden />}
          px="xs"
          aria-label={`Edit row ${row.rowNumber}`}
          onClick={() => onEdit(row)}
        >
          Edit
        </Button>
      ),
    },
  ];
}

function isWrong({ problems }: ImportRow, field: string): boolean {
  return problems.some((problem) => problem.field === field);
}
