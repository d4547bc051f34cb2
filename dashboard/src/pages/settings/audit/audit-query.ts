import { AUDIT_ACTIONS, type AuditAction } from '../../../../../domain/people/audit-actions.js';

export type AuditQuery = { from?: string; until?: string; action?: AuditAction; applied?: boolean };

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Which entries the address asks for. Both days are shown whole, where the browser is. */
export function auditQuery(params: URLSearchParams): AuditQuery {
  const action = AUDIT_ACTIONS.find((each) => each === params.get('action'));
  const [from, until] = [midnight(params.get('from'), 0), midnight(params.get('until'), 1)];
  const applied = params.get('applied');
  return {
    ...(from !== null && { from }),
    ...(until !== null && { until }),
    ...(action && { action }),
    ...((applied === 'yes' || applied === 'no') && { applied: applied === 'yes' }),
  };
}

function midnight(day: string | null, daysLater: number): string | null {
  if (day === null || !DAY.test(day)) return null;
  const at = new Date(`${day}T00:00:00`);
  if (Number.isNaN(at.getTime())) return null;
  at.setDate(at.getDate() + daysLater);
  return at.toISOString();
}
