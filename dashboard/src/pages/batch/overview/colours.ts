import type { Outcome } from '../../../../../domain/calls/outcomes.js';

/** Of bars and areas: one hue for what is alike, and a step of it for each outcome. */
export const OUTCOME_COLOURS: Record<Outcome, string> = {
  ANSWERED: 'green.8',
  VOICEMAIL: 'yellow.7',
  NO_ANSWER: 'orange.7',
  BUSY: 'orange.4',
  DECLINED: 'yellow.4',
  INVALID_NUMBER: 'red.9',
  UNREACHABLE: 'red.7',
  PROVIDER_ERROR: 'red.5',
  AGENT_ERROR: 'pink.6',
  CANCELLED: 'gray.6',
  UNCERTAIN: 'violet.6',
};
