import { Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useMediaQuery } from '@mantine/hooks';
import { useState, type CSSProperties } from 'react';
import { Dialog } from '../../parts/dialog/Dialog.js';
import { answered, api, type Batch, type Schemas } from '../../api/client.js';
import { keys, rowsOf, usePages } from '../../api/queries.js';
import { useGuardedMutation } from '../../app/changes/use-guarded-mutation.js';
import { counted, count } from '../../parts/Count.js';
import { DataTable, type Column } from '../../parts/DataTable.js';
import { EmptyState } from '../../parts/EmptyState.js';
import { ErrorState } from '../../parts/ErrorState.js';
import { showDone, showError } from '../../parts/notices.js';
import { Variables } from './upload/Variables.js';

type Recipient = Schemas['Recipient'];
const PER_PAGE = 100;
/** What a table has in a dialog. */
const ROOM = {
  '--table-block-size': 'max(16rem, calc(100dvh - 16rem))',
  '--table-inline-size': '44rem',
} as CSSProperties;
const NARROW = '(max-width: 48em)';
/** What one request takes. */
const REMOVED_AT_ONCE_MAX = 1_000;

/** Who is in the draft. Rows are taken out here first; Save removes them. */
export function ViewRecipients({ batch, onClose }: { batch: Batch; onClose: () => void }) {
  const client = useQueryClient();
  const [out, setOut] = useState<ReadonlySet<string>>(new Set());
  const isNarrow = useMediaQuery(NARROW) ?? false;
  const { total } = batch.counters.recipients;
  const people = usePages(keys.recipients(batch.id, { view: 'all' }), (at, signal) =>
    answered(
      api.GET('/v1/batches/{batchId}/recipients', {
        params: { path: { batchId: batch.id }, query: { limit: PER_PAGE, ...at } },
        signal,
      }),
    ),
  );
  const list = rowsOf(people);
  const save = useGuardedMutation({
    mutationFn: async () => {
      const ids = [...out];
      for (let at = 0; at < ids.length; at += REMOVED_AT_ONCE_MAX)
        await answered(
          api.POST('/v1/batches/{batchId}/recipients/remove', {
            params: { path: { batchId: batch.id } },
            body: { recipientIds: ids.slice(at, at + REMOVED_AT_ONCE_MAX) },
          }),
        );
    },
    onSuccess: async () => {
      if (out.size > 0) showDone(`${counted(out.size, 'recipient was', 'recipients were')} removed.`);
      await client.invalidateQueries({ queryKey: keys.batch(batch.id) });
      onClose();
    },
    onError: showError,
  });
  const toggle = (id: string): void =>
    setOut((before) => {
      const next = new Set(before);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  return (
    <Dialog onClose={onClose} title="View Recipients" size="70rem" fullScreen={isNarrow}>
      <Stack style={ROOM}>
        {people.isLoadingError && <ErrorState error={people.error} onRetry={() => void people.refetch()} />}
        {people.isPending && <Skeleton h={300} aria-label="Loading" />}
        {people.data && (
          <DataTable<Recipient>
            label="Recipients of the draft"
            columns={columnsOf(out, toggle)}
            {...list}
            keyOf={({ id }) => id}
            total={total}
            empty={<EmptyState title="Nobody is in it">Upload a CSV to add recipients.</EmptyState>}
          />
        )}
        <Group justify="flex-end">
          {out.size > 0 && <Text size="sm">{count(out.size)} will be removed</Text>}
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button loading={save.isPending} onClick={() => save.mutate()}>
            Save ({count(total - out.size)})
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

function columnsOf(out: ReadonlySet<string>, toggle: (id: string) => void): readonly Column<Recipient>[] {
  return [
    {
      id: 'phone',
      header: 'Phone number',
      width: '11rem',
      cell: ({ id, phoneNumber }) => (
        <bdi dir="ltr" style={{ whiteSpace: 'nowrap', textDecoration: out.has(id) ? 'line-through' : 'none' }}>
          {phoneNumber}
        </bdi>
      ),
    },
    {
      id: 'name',
      header: 'Name',
      width: 'minmax(8rem, 1fr)',
      cell: ({ name }) => (
        <Text size="sm" truncate title={name ?? ''}>
          <bdi dir="auto">{name}</bdi>
        </Text>
      ),
    },
    {
      id: 'ignore',
      header: 'Ignore E.164',
      width: '6.5rem',
      cell: ({ ignoreE164Validation }) => <Text size="sm">{ignoreE164Validation ? 'Yes' : 'No'}</Text>,
    },
    {
      id: 'variables',
      header: 'Variables',
      width: 'minmax(14rem, 3fr)',
      cell: ({ variables }) => <Variables variables={variables} />,
    },
    {
      id: 'remove',
      header: 'Remove',
      isHeaderHidden: true,
      width: '6rem',
      cell: ({ id, phoneNumber }) => (
        <Button
          size="compact-sm"
          variant="subtle"
          color={out.has(id) ? 'indigo' : 'gray'}
          aria-label={`${out.has(id) ? 'Keep' : 'Remove'} ${phoneNumber}`}
          onClick={() => toggle(id)}
        >
          {out.has(id) ? 'Keep' : 'Remove'}
        </Button>
      ),
    },
  ];
}
