import { Button, Group, Text } from '@mantine/core';
import { IconFileSpreadsheet } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { answered, api } from '../../api/client.js';
import { keys } from '../../api/queries.js';
import { count, counted } from '../../parts/Count.js';
import { showDone } from '../../parts/notices.js';
import { useImportChange, type Import } from './upload/import-queries.js';

/** One file: what it has added, with Undo; or that it waits to be added. */
export function ImportLine({ read, onOpen }: { read: Import; onOpen: (importId: string) => void }) {
  const client = useQueryClient();
  const change = useImportChange();
  const params = { path: { importId: read.id } };
  const undo = (): void =>
    change.mutate(async () => {
      const undone = await answered(api.POST('/v1/imports/{importId}/undo', { params, body: {} }));
      showDone(`${counted(undone.removedRecipients, 'recipient was', 'recipients were')} removed.`);
      void client.invalidateQueries({ queryKey: keys.batch(read.batchId) });
      return undone.import;
    });
  const discard = (): void =>
    change.mutate(() => answered(api.POST('/v1/imports/{importId}/discard', { params, body: {} })));
  const isWaiting = read.status === 'REVIEW';
  return (
    <Group justify="space-between" gap="xs" role="group" aria-label={read.fileName}>
      <Group gap="xs" wrap="nowrap" miw={0}>
        <IconFileSpreadsheet size={16} aria-hidden />
        <Text size="sm" truncate maw={260} title={read.fileName}>
          <bdi dir="auto">{read.fileName}</bdi>
        </Text>
        <Text size="sm" c={isWaiting ? 'var(--tone-amber)' : 'dimmed'}>
          {isWaiting
            ? `waits: ${count(read.acceptedRows)} accepted, ${count(read.rejectedRows)} rejected`
            : read.rowsOutstanding
              ? `${count(read.movedRows)} of ${count(read.acceptedRows)} added so far`
              : `${count(read.acceptedRows)} added`}
        </Text>
      </Group>
      <Group gap="xs">
        {isWaiting && (
          <Button size="xs" variant="default" onClick={() => onOpen(read.id)}>
            Check and add
          </Button>
        )}
        <Button
          size="xs"
          variant="subtle"
          color="gray"
          loading={change.isPending}
          disabled={read.rowsOutstanding}
          onClick={isWaiting ? discard : undo}
        >
          {isWaiting ? 'Discard' : 'Undo'}
        </Button>
      </Group>
    </Group>
  );
}
