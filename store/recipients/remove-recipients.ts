import type { Actor } from '../../domain/people/actor.js';
import type { BatchStatus } from '../../domain/batches/status.js';
import { inTransaction, type Database } from '../database.js';
import { readCommand, recordOnce } from '../people/record-audit.js';
import { CHUNK_ROWS_MAX } from '../batches/sweep-rows.js';

/** `left`: asked for, but not waiting, or not there. */
type Removed = { removed: number; left: number };
type Refused = { result: 'NOT_ALLOWED'; status: BatchStatus } | { result: 'NOT_FOUND' };
export type RemoveResult = ({ result: 'REMOVED' } & Removed) | Refused;

/** Recipients by their ids, or all of one import. */
export type RemoveWhom = { recipientIds: readonly string[] } | { importId: string };

type RemoveRequest = {
  workspaceId: string;
  batchId: string;
  whom: RemoveWhom;
  actor: Actor;
  /** A command that was carried out already is answered again, and removes nobody. */
  commandId: string | null;
  from: readonly BatchStatus[];
};

/**
 * Takes waiting recipients out of a batch (`remove_recipients`): those who were never called go, the others are CANCELLED and
 * keep the record. In chunks, each a commit of its own, so that no dial waits for a large import; repeating it does no harm.
 */
export async function removeRecipients(db: Database, request: RemoveRequest): Promise<RemoveResult> {
  const known = await readCommand(db.pool, request.commandId);
  if (known) return { result: 'REMOVED', ...(known.answer as Removed) }; // written below
  const asked = await countAsked(db, request);
  for (let removed = 0; ;) {
    const step = await removeChunk(db, request, { asked, removedBefore: removed });
    if (step.result !== 'REMOVED') return step;
    removed += step.removed;
    if (step.removed < CHUNK_ROWS_MAX) return { result: 'REMOVED', removed, left: Math.max(asked - removed, 0) };
  }
}

type Step = { result: 'REMOVED'; removed: number } | Refused;

function removeChunk(
  db: Database,
  { workspaceId, batchId, whom, actor, commandId, from }: RemoveRequest,
  { asked, removedBefore }: { asked: number; removedBefore: number },
): Promise<Step> {
  const ids = 'recipientIds' in whom ? whom.recipientIds : null;
  const importId = 'importId' in whom ? whom.importId : null;
  return inTransaction(db, async (tx) => {
    const { rows } = await tx.query('SELECT result, status, removed FROM remove_recipients($1, $2, $3, $4, $5, $6)', [
      workspaceId,
      batchId,
      from,
      ids,
      importId,
      CHUNK_ROWS_MAX,
    ]);
    const step: Step = rows[0];
    if (step.result !== 'REMOVED') return step;
    const removed = removedBefore + step.removed;
    // The command is done with its last chunk; one that died before it is carried on when it is repeated.
    await recordOnce(tx, {
      workspaceId,
      actor,
      action: 'remove recipients',
      entry: {
        batchId,
        commandId: step.removed < CHUNK_ROWS_MAX ? commandId : null,
        target: { kind: 'batch', id: batchId },
        detail: { removed: step.removed },
        answer: { removed, left: Math.max(asked - removed, 0) },
      },
    });
    return step;
  });
}

async function countAsked(db: Database, { batchId, whom }: RemoveRequest): Promise<number> {
  if ('recipientIds' in whom) return new Set(whom.recipientIds).size;
  const { rows } = await db.pool.query(
    'SELECT count(*)::int AS count FROM recipients WHERE batch_id = $1 AND import_id = $2',
    [batchId, whom.importId],
  );
  return rows[0].count;
}
