import { Group, Text, Tooltip } from '@mantine/core';
import { IconBolt, IconPlugConnectedX } from '@tabler/icons-react';
import type { Connection } from '../api/live.js';
import { ownZone, writeMoment } from '../parts/moments.js';

const SAID: Record<Connection, { label: string; help: string }> = {
  connecting: { label: 'Connecting', help: 'What changes will be shown as it happens.' },
  live: { label: 'Live', help: 'What changes is shown as it happens.' },
  lost: {
    label: 'Reconnecting',
    help: 'The connection was lost. What you see may be old; it is brought up to date by itself.',
  },
  ended: { label: 'Signed out', help: 'The session has ended. Sign in again.' },
};

type ConnectionNoteProps = {
  connection: Connection;
  /** When it was live last; null: never yet. */
  countedAt: string | null;
};

/** Whether what is shown is live. A loss is told once, and mends itself. */
export function ConnectionNote({ connection, countedAt }: ConnectionNoteProps) {
  const { label, help } = SAID[connection];
  const isOld = connection === 'lost' && countedAt !== null;
  const words = isOld ? `Counted ${writeMoment(countedAt, ownZone)}, reconnecting` : label;
  const isThere = connection === 'live' || connection === 'connecting';
  const Icon = isThere ? IconBolt : IconPlugConnectedX;
  return (
    <Tooltip label={help}>
      <Group gap={4} wrap="nowrap" role="status" tabIndex={0} c={isThere ? 'dimmed' : 'var(--tone-amber)'}>
        <Icon size={16} aria-hidden />
        <Text size="sm" visibleFrom={isThere ? 'sm' : 'xs'}>
          {words}
        </Text>
      </Group>
    </Tooltip>
  );
}
