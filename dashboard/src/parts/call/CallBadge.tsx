import {
  IconBan,
  IconCheck,
  IconCircleDashed,
  IconHelp,
  IconMicrophone,
  IconPhoneCall,
  IconPhoneOff,
  IconPhoneOutgoing,
  IconRefresh,
  IconX,
  type Icon,
} from '@tabler/icons-react';
import { ATTEMPT_STATE_SHOWN } from '../../../../domain/shown/attempt-states.js';
import { OUTCOME_SHOWN } from '../../../../domain/shown/statuses.js';
import type { Schemas } from '../../api/client.js';
import { ShownBadge } from '../StatusBadge.js';

type Attempt = Pick<Schemas['Attempt'], 'state' | 'outcome'>;

const STATE_ICONS: Record<Attempt['state'], Icon> = {
  DIALING: IconPhoneOutgoing,
  IN_PROGRESS: IconPhoneCall,
  ENDED: IconPhoneOff,
  UNCERTAIN: IconHelp,
  RELEASED: IconCircleDashed,
  NOT_PLACED: IconCircleDashed,
};
const OUTCOME_ICONS: Record<NonNullable<Attempt['outcome']>, Icon> = {
  ANSWERED: IconCheck,
  VOICEMAIL: IconMicrophone,
  NO_ANSWER: IconRefresh,
  BUSY: IconPhoneOff,
  DECLINED: IconX,
  INVALID_NUMBER: IconBan,
  UNREACHABLE: IconPhoneOff,
  PROVIDER_ERROR: IconX,
  AGENT_ERROR: IconX,
  CANCELLED: IconBan,
  UNCERTAIN: IconHelp,
};

/** How a call ended, or how far it is. */
export function CallBadge({ call: { state, outcome } }: { call: Attempt }) {
  if (outcome !== null) return <ShownBadge shown={OUTCOME_SHOWN[outcome]} Icon={OUTCOME_ICONS[outcome]} />;
  return <ShownBadge shown={ATTEMPT_STATE_SHOWN[state]} Icon={STATE_ICONS[state]} />;
}
