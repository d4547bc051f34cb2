import { ALLOWED_WHEN } from '../../../domain/batches/status.js';
import type { JobKind } from '../../../domain/jobs/job.js';
import { doJobWork, type JobStep } from '../../../store/jobs/do-job-work.js';
import { beginJob, readJob, type JobChange, type JobFilter, type JobRow } from '../../../store/jobs/jobs.js';
import type { Database } from '../../../store/database.js';
import type { Workspace } from '../../support/seed.js';

type Given = { kind?: JobKind; filter?: JobFilter; change?: JobChange; id?: string };

const FROM = {
  remove: ALLOWED_WHEN.removeRecipients,
  edit: ALLOWED_WHEN.editRecipients,
  settle: ALLOWED_WHEN.settleUncertain,
  retry: ALLOWED_WHEN.retry,
};

export const ADA = { id: 'key_1', name: 'Ada', from: null };

/** Begins a job in Ada's name. @returns its id */
export async function begin(db: Database, workspace: Workspace, batchId: string, given: Given = {}): Promise<string> {
  const answer = await beginJob(db.pool, {
    ...{ id: null, workspaceId: workspace.workspaceId, batchId, kind: 'remove', filter: {}, change: {}, total: 0 },
    ...{ from: FROM[given.kind ?? 'remove'], actor: ADA, commandId: null },
    ...given,
  });
  if (answer.result !== 'BEGUN') throw new Error(answer.result);
  return answer.id;
}

/** Goes on with a job until there is nothing to do at once. */
export async function work(db: Database, jobId: string): Promise<JobStep> {
  for (;;) {
    const step = await doJobWork(db.pool, jobId);
    if (!step.isMore) return step;
  }
}

export async function jobOf(db: Database, { workspaceId }: Workspace, jobId: string): Promise<JobRow> {
  const job = await readJob(db.pool, workspaceId, jobId);
  if (!job) throw new Error('the job is gone');
  return job;
}

/** So many recipients more than there are, made in one statement. */
export async function addMany(db: Database, batchId: string, count: number): Promise<void> {
  await db.pool.query(
    `SELECT insert_recipients($1, NULL, (SELECT jsonb_agg(jsonb_build_object('phone', '+1' || (2122200000 + n))) FROM generate_series(1, $2::integer) n))`,
    [batchId, count],
  );
}

/** Gives recipients of a batch states and outcomes, in order: `NO_ANSWER:BUSY`. */
export async function setStates(db: Database, batchId: string, states: readonly string[]): Promise<void> {
  await db.pool.query(
    `UPDATE recipient_states r SET state = split_part(v, ':', 1), last_outcome = nullif(split_part(v, ':', 2), '')
     FROM (SELECT recipient_id, row_number() OVER (ORDER BY ordinal) AS place FROM recipient_states WHERE batch_id = $1) p
       JOIN unnest($2::text[]) WITH ORDINALITY AS u (v, place) USING (place)
     WHERE r.recipient_id = p.recipient_id`,
    [batchId, states],
  );
}
