import { Text } from '@mantine/core';
import { IconBan, IconCheck, IconClock, IconRefresh, type Icon } from '@tabler/icons-react';
import type { Shown } from '../../../../../domain/shown/tones.js';
import type { Schemas } from '../../../api/client.js';
import { Moment } from '../../../parts/Moment.js';
import { ShownBadge } from '../../../parts/StatusBadge.js';
import { stateOf, type KeyState } from './key-state.js';

const SHOWN: Record<KeyState, { shown: Shown; Icon: Icon }> = {
  good: { shown: { label: 'In use', tone: 'green' }, Icon: IconCheck },
  rolled: { shown: { label: 'Replaced', tone: 'amber' }, Icon: IconRefresh },
  expired: { shown: { label: 'Expired', tone: 'grey' }, Icon: IconClock },
  revoked: { shown: { label: 'Revoked', tone: 'grey' }, Icon: IconBan },
};

/** Whether a key still opens anything, and until when. */
export function KeyBadge({ apiKey }: { apiKey: Schemas['ApiKey'] }) {
  const state = stateOf(apiKey);
  return (
    <div>
      <ShownBadge {...SHOWN[state]} />
      {apiKey.expiresAt !== null && (state === 'good' || state === 'rolled') && (
        <Text size="xs" component="div">
          until <Moment at={apiKey.expiresAt} />
        </Text>
      )}
    </div>
  );
}
