import { Alert, Button, Group, Progress, Text } from '@mantine/core';
import { IconWand } from '@tabler/icons-react';
import { answered, api } from '../../../../api/client.js';
import { count, counted } from '../../../../parts/Count.js';
import { useImportChange, type Import } from '../import-queries.js';

/** What the last fix has done, with Undo; or how far it is. */
export function LastFix({ read }: { read: Import }) {
  const change = useImportChange();
  const { fix } = read;
  if (!fix || fix.status === 'UNDONE') return null;
  const undo = (): void =>
    change.mutate(() =>
      answered(api.POST('/v1/imports/{importId}/fix/undo', { params: { path: { importId: read.id } }, body: {} })),
    );
  const isGoingOn = fix.status === 'RUNNING' || fix.status === 'UNDOING';
  const parts = [
    fix.acceptedRows > 0 && `${count(fix.acceptedRows)} accepted`,
    fix.changedRows > 0 && `${count(fix.changedRows)} still rejected`,
    fix.leftOutRows > 0 && `${count(fix.leftOutRows)} left out`,
  ].filter(Boolean);
  return (
    <Alert color="green" icon={<IconWand aria-hidden />} py="xs" role="status" aria-label="Last fix">
      <Group justify="space-between" gap="xs">
        <Text size="sm">
          {isGoingOn
            ? `${fix.status === 'RUNNING' ? 'Fixing' : 'Undoing'}: ${counted(fix.checkedRows, 'row', 'rows')} looked at.`
            : `${parts.join(', ') || 'No row changed'}.`}
        </Text>
        {fix.status !== 'UNDOING' && (
          <Button size="compact-sm" variant="default" loading={change.isPending} onClick={undo}>
            Undo
          </Button>
        )}
      </Group>
      {isGoingOn && (
        <Progress value={(fix.checkedRows / Math.max(1, fix.rejectedRows)) * 100} aria-label="Rows looked at" />
      )}
    </Alert>
  );
}
