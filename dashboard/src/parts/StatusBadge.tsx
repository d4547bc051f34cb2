import { Badge, Tooltip } from '@mantine/core';
import {
  IconBan,
  IconCheck,
  IconCircleDashed,
  IconClock,
  IconFileText,
  IconHelp,
  IconPhoneCall,
  IconPlayerPause,
  IconPlayerPlay,
  IconRefresh,
  IconX,
  type Icon,
} from '@tabler/icons-react';
import { BATCH_SHOWN, RECIPIENT_SHOWN } from '../../../domain/shown/statuses.js';
import type { Shown } from '../../../domain/shown/tones.js';
import type { Batch, Schemas } from '../api/client.js';

const BATCH_ICONS: Record<Batch['status'], Icon> = {
  DRAFT: IconFileText,
  SCHEDULED: IconClock,
  PENDING: IconRefresh,
  RUNNING: IconPlayerPlay,
  PAUSED: IconPlayerPause,
  COMPLETED: IconCheck,
  CANCELLED: IconBan,
  FAILED: IconX,
};
const RECIPIENT_ICONS: Record<Schemas['Recipient']['status'], Icon> = {
  PENDING: IconCircleDashed,
  QUEUED: IconClock,
  IN_PROGRESS: IconPhoneCall,
  COMPLETED: IconCheck,
  NO_ANSWER: IconRefresh,
  FAILED: IconX,
  CANCELLED: IconBan,
  SUPPRESSED: IconBan,
  UNCERTAIN: IconHelp,
};

export function BatchBadge({ status }: { status: Batch['status'] }) {
  return <ShownBadge shown={BATCH_SHOWN[status]} Icon={BATCH_ICONS[status]} />;
}

export function RecipientBadge({ status }: { status: Schemas['Recipient']['status'] }) {
  return <ShownBadge shown={RECIPIENT_SHOWN[status]} Icon={RECIPIENT_ICONS[status]} />;
}

/** A status by icon, word and tone. What other products call it is told to who points at it. */
export function ShownBadge({ shown: { label, tone, alias }, Icon }: { shown: Shown; Icon: Icon }) {
  const badge = (
    <Badge
      variant="light"
      tt="none"
      fw={600}
      leftSection={<Icon size={13} aria-hidden />}
      c={`var(--tone-${tone})`}
      bg={`var(--tone-${tone}-ground)`}
    >
      {label}
    </Badge>
  );
  return alias ? <Tooltip label={`Elsewhere called ${alias}`}>{badge}</Tooltip> : badge;
}
