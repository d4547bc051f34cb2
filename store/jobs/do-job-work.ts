import { ALLOWED_WHEN, type BatchStatus } from '../../domain/batches/status.js';
import type { JobKind } from '../../domain/jobs/job.js';
import { waitingMeans } from '../../domain/recipients/status.js';
import { readBatch } from '../batches/read-batches.js';
import type { Queryable } from '../database.js';

/** Recipients that one chunk looks at: about 100 ms if all of them are changed. */
const CHUNK_MAX: Record<JobKind, number> = { remove: 1_000, edit: 200, settle: 200, retry: 1_000 };
/** A job of which so many chunks in a row go wrong has failed. */
const FAILURES_MAX = 20;

/** In which status of its batch a job may go on. A retry has taken its batch to PENDING. */
const FROM: Record<JobKind, readonly BatchStatus[]> = {
  remove: ALLOWED_WHEN.removeRecipients,
  edit: ALLOWED_WHEN.editRecipients,
  settle: ALLOWED_WHEN.settleUncertain,
  retry: ['SCHEDULED', 'PENDING', 'RUNNING', 'PAUSED'],
};

/** `isMore`: it can go on at once. `isOver`: it was over with this chunk, and the run of its batch should look again. */
export type JobStep = { isMore: boolean; isOver: boolean; batchId: string | null };

const NOTHING: JobStep = { isMore: false, isOver: false, batchId: null };

/**
 * One chunk of a job (`do_job_work`): whoever repeats it, in whatever process, changes and counts nobody twice. A job that
 * somebody else is at work on is left to them. @throws what went wrong, after it was counted
 */
export async function doJobWork(db: Queryable, jobId: string): Promise<JobStep> {
  const { rows } = await db.query(
    `SELECT kind, workspace_id AS "workspaceId", batch_id AS "batchId", search_text(filter ->> 'text') AS "searchedText"
     FROM jobs WHERE id = $1 AND status = 'RUNNING'`,
    [jobId],
  );
  if (!rows[0]) return NOTHING;
  const { kind, workspaceId, batchId, searchedText } = rows[0] as Job;
  try {
    // A deleted batch is not there: the chunk says so.
    const batch = await readBatch(db, workspaceId, batchId);
    const shown = { waitingMeans: batch && waitingMeans(batch), openZones: batch?.openZones ?? [], searchedText };
    const work = { ...shown, limit: CHUNK_MAX[kind], from: FROM };
    const step = await db.query('SELECT is_more AS "isMore", is_over AS "isOver" FROM do_job_work($1, $2)', [
      jobId,
      JSON.stringify(work),
    ]);
    return { ...step.rows[0], batchId };
  } catch (err) {
    // What went wrong first is what is told.
    await db.query('SELECT note_job_failure($1, $2)', [jobId, FAILURES_MAX]).catch(() => {});
    throw err;
  }
}

type Job = { kind: JobKind; workspaceId: string; batchId: string; searchedText: string | null };
