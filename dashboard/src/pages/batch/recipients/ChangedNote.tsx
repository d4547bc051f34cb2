import { Button, Group } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { count } from '../../../parts/Count.js';

/** Rows do not move by themselves: how many would, and what moves them. Heard without being interrupted. */
export function ChangedNote({ changed, onRefresh }: { changed: number; onRefresh: () => void }) {
  return (
    <Group role="status" aria-live="polite" aria-label="Changed rows" mih={30}>
      {changed > 0 && (
        <Button size="xs" variant="light" leftSection={<IconRefresh size={14} aria-hidden />} onClick={onRefresh}>
          {count(changed)} changed: refresh
        </Button>
      )}
    </Group>
  );
}
