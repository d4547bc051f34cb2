import type { Queryable } from '../../../store/database.js';
import { recordAudit } from '../../../store/people/record-audit.js';
import type { Auth } from '../operation.js';

/** A refusal of one key for one operation is recorded so often at most. */
const RECORDED_EVERY_MS = 60_000;
const KNOWN_MAX = 10_000;

/**
 * Records what was refused for want of a role, of each key and operation once a minute by this process. Nobody waits for
 * it, and nothing fails when it cannot be recorded: nothing was done.
 */
export function createRefusalNotes(db: Queryable) {
  const recordedAtMs = new Map<string, number>();
  return {
    note({ workspaceId, role, actor }: Auth, operation: string): void {
      const key = `${actor.id} ${operation}`;
      const nowMs = performance.now();
      if (nowMs < (recordedAtMs.get(key) ?? -Infinity) + RECORDED_EVERY_MS) return;
      if (recordedAtMs.size >= KNOWN_MAX) recordedAtMs.clear();
      recordedAtMs.set(key, nowMs);
      const entry = { applied: false, detail: { operation, role } };
      recordAudit(db, { workspaceId, actor, action: 'refused', entry }).catch(() => recordedAtMs.delete(key));
    },
  };
}

type Download = { operation: string; params: unknown };

/** Records that a file was taken, before its first byte is sent. */
export async function recordDownload(
  db: Queryable,
  { workspaceId, actor }: Auth,
  { operation, params }: Download,
): Promise<void> {
  const { batchId, importId, callId } = (params ?? {}) as { batchId?: string; importId?: string; callId?: string };
  const targets = { batch: batchId, import: importId, attempt: callId };
  const [target] = Object.entries(targets).flatMap(([kind, id]) =>
    id ? [{ kind: kind as keyof typeof targets, id }] : [],
  );
  const entry = { detail: { operation }, ...(target && { target }), ...(batchId && { batchId }) };
  await recordAudit(db, { workspaceId, actor, action: 'download', entry });
}
