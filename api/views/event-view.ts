import { BREAKERS, describeBreaker, type OpenedBreaker } from '../../domain/batches/circuit-breakers.js';
import { inOrderOfDays, type CallWindow } from '../../domain/hours/window.js';
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
    detail: withDaysInOrder(detail),
    advice: isOpenedBreaker(action, detail) ? describeBreaker(detail).advice : (ADVICE[action] ?? null),
  };
}

/** PostgreSQL keeps the keys of an object in an order of its own. */
function withDaysInOrder(detail: Record<string, unknown>): Record<string, unknown> {
  const { patch } = detail;
  if (typeof patch !== 'object' || patch === null || !('window' in patch) || !patch.window) return detail;
  // A window is written by us, after its schema has taken it.
  return { ...detail, patch: { ...patch, window: inOrderOfDays(patch.window as CallWindow) } };
}

function isOpenedBreaker(action: string, detail: Record<string, unknown>): detail is OpenedBreaker {
  return action === BREAKER_OPENED && BREAKERS.some((breaker) => breaker === detail['breaker']);
}
