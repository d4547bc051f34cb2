import type { AttemptState } from '../calls/attempt-state.js';
import type { Shown } from './tones.js';

/** How each state of an attempt is shown. One that ended is shown by its outcome, where it has one. */
export const ATTEMPT_STATE_SHOWN: Record<AttemptState, Shown> = {
  DIALING: { label: 'Dialling', tone: 'indigo' },
  IN_PROGRESS: { label: 'Live', tone: 'blue' },
  ENDED: { label: 'Ended', tone: 'grey' },
  UNCERTAIN: { label: 'Uncertain', tone: 'violet' },
  RELEASED: { label: 'Given back unsent', tone: 'grey' },
  NOT_PLACED: { label: 'Not placed', tone: 'grey' },
};
