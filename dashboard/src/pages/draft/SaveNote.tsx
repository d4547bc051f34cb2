import { Group, Text, Tooltip } from '@mantine/core';
import { IconCloudCheck, IconCloudOff, IconCloudUpload } from '@tabler/icons-react';
import { wordsOf } from '../../parts/ErrorState.js';
import type { SaveState } from './draft-saver.js';

/** Whether all that was entered is saved. */
export function SaveNote({ saving, isMade }: { saving: SaveState; isMade: boolean }) {
  const { status, problem, conflicts } = saving;
  if (!isMade && status === 'saved') return null;
  const isStuck = status === 'failed' || conflicts.length > 0;
  const Icon = isStuck ? IconCloudOff : status === 'saved' ? IconCloudCheck : IconCloudUpload;
  const words = isStuck ? 'Not saved' : status === 'saved' ? 'Saved' : 'Saving…';
  const note = (
    <Group
      gap={4}
      wrap="nowrap"
      role="status"
      tabIndex={isStuck ? 0 : undefined}
      c={isStuck ? 'var(--tone-red)' : 'dimmed'}
    >
      <Icon size={16} aria-hidden />
      <Text size="sm">{words}</Text>
    </Group>
  );
  if (!isStuck) return note;
  const why = problem
    ? `${wordsOf(problem)} What you entered stays here, and is sent again.`
    : 'Something that was entered is not right, or was changed in another place, too. The page says what.';
  return <Tooltip label={why}>{note}</Tooltip>;
}
