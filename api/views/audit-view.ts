import type { z } from 'zod';
import { publicId, type IdKind } from '../../domain/ids.js';
import type { AuditRow } from '../../store/people/read-audit.js';
import type { auditEntrySchema } from '../schemas/audit-schemas.js';

export type AuditView = z.output<typeof auditEntrySchema>;

/** Columns that name another row, and which kind of row. */
const REFERENCES: Record<string, IdKind> = {
  fromNumberId: 'phoneNumber',
  agentId: 'agent',
  outboundAgentId: 'agent',
  providerAccountId: 'providerAccount',
  successorId: 'apiKey',
};

export function toAuditView(row: AuditRow): AuditView {
  const { id, at, actor, actorName, actorFrom, action, applied, targetKind, targetId, batchId, attemptId } = row;
  return {
    id: publicId('event', id),
    at: at.toISOString(),
    actor,
    actorName,
    actorFrom,
    action,
    applied,
    targetKind,
    targetId: targetKind && targetId && publicId(targetKind, targetId),
    batchId: batchId && publicId('batch', batchId),
    attemptId: attemptId && publicId('attempt', attemptId),
    detail: row.detail,
    before: asShown(row.before),
    after: asShown(row.after),
  };
}

/** Columns under the names that the API has for them, and ids as it shows them. */
function asShown(fields: Record<string, unknown> | null): Record<string, unknown> | null {
  if (!fields) return null;
  const shown = Object.entries(fields).map(([column, value]) => {
    const name = column.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    const kind = REFERENCES[name];
    return [name, kind && typeof value === 'string' ? publicId(kind, value) : value];
  });
  return Object.fromEntries(shown);
}
