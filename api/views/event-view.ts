import { BREAKERS, describeBreaker, type OpenedBreaker } from '../../domain/batches/circuit-breakers.js';
import { publicId } from '../../domain/ids.js';
import type { AuditRow } from '../../store/people/read-audit.js';

const BREAKER_OPENED = 'circuit breaker opened';
const ADVICE: Record<string, string> = {
  'two live calls':
    'Somebody may have been called twice at once. The older call is being hung up; look at what the provider shows for both.',
  'two calls for one attempt':
    'The provider shows two calls for one attempt. Report both call ids to the provider, and hang up the one that is still live.',
};

export function toBatchEventView({ at, actor, action, applied, attemptId, detail }: AuditRow) {
  return {
    at: at.toISOString(),
    actor,
    action,
    applied,
    attemptId: attemptId && publicId('attempt', attemptId),
    detail,
    advice: isOpenedBreaker(action, detail) ? describeBreaker(detail).advice : (ADVICE[action] ?? null),
  };
}

function isOpenedBreaker(action: string, detail: Record<string, unknown>): detail is OpenedBreaker {
  return action === BREAKER_OPENED && BREAKERS.some((breaker) => breaker === detail['breaker']);
}
