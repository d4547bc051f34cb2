import { Button, Group } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { count } from '../../../parts/Count.js';

/** Its place is kept, so that nothing moves when it comes. */
const PLACE = { mih: 36, miw: '13rem' };

/** Rows do not move by themselves: how many would, and what moves them. Heard without being interrupted. */
export function ChangedNote({ changed, onRefresh }: { changed: number; onRefresh: () => void }) {
  return (
    <Group role="status" aria-live="polite" aria-label="Changed rows" {...PLACE}>
      {changed > 0 && (
        <Button variant="light" leftSection={<IconRefresh size={14} aria-hidden />} onClick={onRefresh}>
          {count(changed)} changed: refresh
        </Button>
      )}
    </Group>
  );
}
