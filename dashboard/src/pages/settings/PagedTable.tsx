import { Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import { rowsOf, type usePages } from '../../api/queries.js';
import { DataTable, type Column } from '../../parts/DataTable.js';
import { ErrorState } from '../../parts/ErrorState.js';

type PagedTableProps<Row> = {
  label: string;
  list: ReturnType<typeof usePages<Row>>;
  columns: readonly Column<Row>[];
  keyOf: (row: Row) => string;
  empty: ReactNode;
};

/** A list of the settings, with what is shown while it is read, and when it cannot be. */
export function PagedTable<Row>({ label, list, columns, keyOf, empty }: PagedTableProps<Row>) {
  if (list.isLoadingError) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />;
  if (!list.data) return <Skeleton h={240} aria-label="Loading" />;
  return <DataTable<Row> label={label} columns={columns} {...rowsOf(list)} keyOf={keyOf} empty={empty} />;
}
