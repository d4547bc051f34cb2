import { Skeleton, Text } from '@mantine/core';
import { rowsOf } from '../../../api/queries.js';
import { DataTable, type Column } from '../../../parts/DataTable.js';
import { EmptyState } from '../../../parts/EmptyState.js';
import { ErrorState } from '../../../parts/ErrorState.js';
import { Variables } from './Variables.js';
import { useRows, type Import, type ImportRow } from './import-queries.js';

/** What becomes a recipient. A number that was repaired shows how it was written. */
export function AcceptedTab({ read }: { read: Import }) {
  const rows = useRows(read.id, { accepted: true });
  if (rows.isLoadingError) return <ErrorState error={rows.error} onRetry={() => void rows.refetch()} />;
  if (!rows.data) return <Skeleton h={240} aria-label="Loading" />;
  return (
    <DataTable<ImportRow>
      label="Accepted rows"
      columns={columnsOf(read)}
      {...rowsOf(rows)}
      keyOf={({ rowNumber }) => String(rowNumber)}
      total={read.acceptedRows}
      empty={<EmptyState title="No row is accepted yet">Repair at least one of the rejected rows.</EmptyState>}
    />
  );
}

function columnsOf({ columns }: Import): readonly Column<ImportRow>[] {
  const has = new Set(columns?.map(({ takenAs }) => takenAs));
  return [
    { id: 'row', header: 'Row', width: '3.5rem', isNumber: true, cell: ({ rowNumber }) => rowNumber },
    {
      id: 'phone',
      header: 'Phone number',
      width: '11rem',
      cell: ({ recipient }) => (
        <>
          <bdi dir="ltr" style={{ whiteSpace: 'nowrap' }}>
            {recipient?.phoneNumber}
          </bdi>
          {recipient?.originalPhoneNumber != null && (
            <Text size="xs" c="dimmed">
              was <bdi dir="ltr">{recipient.originalPhoneNumber}</bdi>
            </Text>
          )}
        </>
      ),
    },
    textColumn('name', 'Name', ({ recipient }) => recipient?.name),
    {
      id: 'ignore',
      header: 'Ignore E.164',
      width: '6.5rem',
      cell: ({ recipient }) => <Text size="sm">{recipient?.ignoreE164Validation ? 'Yes' : 'No'}</Text>,
    },
    ...(has.has('overrideAgentId')
      ? [textColumn('agent', 'Agent', ({ recipient }) => recipient?.overrideAgentId)]
      : []),
    ...(has.has('overrideAgentVersion')
      ? [textColumn('version', 'Agent version', ({ recipient }) => recipient?.overrideAgentVersion)]
      : []),
    ...(has.has('timeZone') ? [textColumn('zone', 'Time zone', ({ recipient }) => recipient?.timeZone)] : []),
    ...(has.has('metadata')
      ? [textColumn('metadata', 'Metadata', ({ recipient }) => writeObject(recipient?.metadata))]
      : []),
    ...(has.has('customSipHeaders')
      ? [textColumn('sip', 'SIP headers', ({ recipient }) => writeObject(recipient?.customSipHeaders))]
      : []),
    {
      id: 'variables',
      header: 'Variables',
      width: 'minmax(16rem, 3fr)',
      cell: ({ recipient }) => <Variables variables={recipient?.variables ?? {}} />,
    },
  ];
}

function textColumn(id: string, header: string, of: (row: ImportRow) => string | null | undefined): Column<ImportRow> {
  return {
    id,
    header,
    width: 'minmax(7rem, 1fr)',
    cell: (row) => (
      <Text size="sm" truncate title={of(row) ?? ''}>
        <bdi dir="auto">{of(row)}</bdi>
      </Text>
    ),
  };
}

function writeObject(value: object | undefined): string {
  return value && Object.keys(value).length > 0 ? JSON.stringify(value) : '';
}
