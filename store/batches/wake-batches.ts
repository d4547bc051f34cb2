import type { BatchToWake } from '../../domain/batches/batch-to-wake.js';
import type { Queryable } from '../database.js';

/** A wake that was not answered for this long is sent again. */
const WAKE_LOST_MS = 10_000;

/**
 * Takes the right to wake a batch's run: at most one wake is unacknowledged, because the run that looks sees every change
 * made before it. @returns null when a wake is under way already or the batch has never been submitted.
 */
export async function takeWake(db: Queryable, batchId: string): Promise<BatchToWake | null> {
  const { rows } = await db.query(
    `UPDATE batches SET wake_sent_version = version, wake_sent_at = dialwright_now(),
       sweep_at = least(sweep_at, dialwright_now() + make_interval(secs => $2))
     WHERE id = $1 AND wake_sent_version IS NULL AND status <> 'DRAFT'
     RETURNING id AS "batchId", workspace_id AS "workspaceId", status, version, run_handled AS "runHandled"`,
    [batchId, WAKE_LOST_MS / 1000],
  );
  return rows[0] ?? null;
}

/** A wake that could not be sent is none: the sweeper sends the next one after `WAKE_LOST_MS`, however long nobody has answered. */
export async function forgetWake(db: Queryable, { batchId, version }: BatchToWake): Promise<void> {
  await db.query(
    `UPDATE batches SET wake_sent_version = NULL, wake_sent_at = NULL WHERE id = $1 AND wake_sent_version = $2`,
    [batchId, version],
  );
}

export type NeglectedBatch = BatchToWake & {
  /** Claimable or finishable work, and no lane seen: lanes that the run believes alive are dead. */
  lanesLost: boolean;
  /** Whether its run has something to look at; else only the run's being there is to be checked. */
  wakeWanted: boolean;
};

type NeglectOptions = {
  dialBudgetMs: number;
  laneLostMs: number;
  runCheckMs: number;
  limit: number;
};

/**
 * Batches that are due to be looked at, those that are longest due first: each is one sweeper's, and due again when that
 * one has not looked within `WAKE_LOST_MS`.
 */
export async function takeDueBatches(db: Queryable, limit: number): Promise<string[]> {
  const { rows } = await db.query('SELECT take_due_batches($1, make_interval(secs => $2)) AS id', [
    limit,
    WAKE_LOST_MS / 1000,
  ]);
  return rows.map(({ id }) => id as string);
}

/** Looks at one batch, and says when it is due again. @returns what something should be doing something about, else null */
export async function lookAfterBatch(
  db: Queryable,
  batchId: string,
  { dialBudgetMs, laneLostMs, runCheckMs }: Omit<NeglectOptions, 'limit'>,
): Promise<NeglectedBatch | null> {
  const seconds = [WAKE_LOST_MS, laneLostMs, runCheckMs, dialBudgetMs].map((ms) => ms / 1000);
  const { rows } = await db.query(
    `SELECT * FROM look_after_batch($1, make_interval(secs => $2), make_interval(secs => $3), make_interval(secs => $4),
       make_interval(secs => $5))`,
    [batchId, ...seconds],
  );
  const [row] = rows;
  if (!row?.is_neglected) return null;
  return {
    batchId,
    workspaceId: row.workspace_id,
    status: row.status,
    version: row.version,
    runHandled: row.run_handled,
    lanesLost: row.lanes_lost,
    wakeWanted: row.wake_wanted,
  };
}
