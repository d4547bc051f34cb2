import type { BatchKind, BatchStatus } from '../../domain/batches/status.js';
import type { Outcome } from '../../domain/calls/outcomes.js';
import type { Verdict } from '../../domain/calls/verdict.js';
import { JOBS_RUNNING_MAX, type JobKind, type JobSkip, type JobStatus } from '../../domain/jobs/job.js';
import type { Actor } from '../../domain/people/actor.js';
import type { RecipientStatus } from '../../domain/recipients/status.js';
import type { Queryable } from '../database.js';

/** Whom a job means: all that is given holds; nothing: everybody in the batch. `matches_job` reads it. */
export type JobFilter = {
  status?: RecipientStatus;
  /** Of the last call. */
  outcome?: Outcome;
  importId?: string;
  recipientIds?: readonly string[];
  /** A whole number. */
  phone?: string;
  /** Looked for in names, with `phonePart`, which is looked for in numbers. */
  text?: string;
  phonePart?: string;
};

/** What is done to them. */
export type JobChange = {
  verdict?: Verdict;
  outcome?: Outcome | null;
  /** Merged; null takes one out. */
  variables?: Record<string, string | null>;
  notBefore?: string | null;
  notAfter?: string | null;
};

export type JobRow = {
  id: string;
  batchId: string;
  kind: JobKind;
  status: JobStatus;
  statusReason: string | null;
  filter: JobFilter;
  change: JobChange;
  actor: Actor;
  total: number;
  examined: number;
  matched: number;
  done: number;
  skipped: Partial<Record<JobSkip, number>>;
  createdAt: Date;
  finishedAt: Date | null;
  cursorAt: string;
};

const SELECT_JOBS = `
  SELECT j.id, j.batch_id AS "batchId", j.kind, j.status, j.status_reason AS "statusReason", j.filter, j.change, j.actor,
    j.total_count AS total, j.examined_count AS examined, j.matched_count AS matched, j.done_count AS done, j.skipped,
    j.created_at AS "createdAt", j.finished_at AS "finishedAt", j.created_at::text AS "cursorAt"
  FROM jobs j`;

/** @returns null when the workspace has no such job */
export async function readJob(db: Queryable, workspaceId: string, jobId: string): Promise<JobRow | null> {
  const { rows } = await db.query<JobRow>(`${SELECT_JOBS} WHERE j.id = $2 AND j.workspace_id = $1`, [
    workspaceId,
    jobId,
  ]);
  return rows[0] ?? null;
}

type JobPage = { after: { cursorAt: string; id: string } | null; limit: number };

/** The jobs of a batch, the newest first. */
export async function listJobs(db: Queryable, batchId: string, { after, limit }: JobPage): Promise<JobRow[]> {
  const { rows } = await db.query<JobRow>(
    `${SELECT_JOBS} WHERE j.batch_id = $1 AND ($2::timestamptz IS NULL OR (j.created_at, j.id) < ($2, $3::uuid))
     ORDER BY j.created_at DESC, j.id DESC LIMIT $4`,
    [batchId, after?.cursorAt ?? null, after?.id ?? null, limit],
  );
  return rows;
}

export type NewJob = {
  /** Given when the request has an Idempotency-Key: the job with this id is the one that it began earlier. */
  id: string | null;
  workspaceId: string;
  batchId: string;
  kind: JobKind;
  filter: JobFilter;
  change: JobChange;
  /** How many recipients it has to look at, about. */
  total: number;
  /** The statuses of the batch in which it is allowed. */
  from: readonly BatchStatus[];
  actor: Actor;
  commandId: string | null;
};

type Found = { status: BatchStatus; kind: BatchKind };
export type BeginResult =
  | { result: 'BEGUN' | 'REPEATED'; id: string }
  | { result: 'NOT_FOUND' | 'TOO_MANY' | 'ROWS_OUTSTANDING' }
  | ({ result: 'NOT_ALLOWED' } & Found)
  | ({ result: 'NOTHING_TO_RETRY' | 'NUMBER_UNUSABLE' | 'AGENT_UNUSABLE' | 'END_PASSED' } & Found);

/** Begins a job (`begin_job`); its chunks are made by `doJobWork`. Safe to repeat with an id. */
export async function beginJob(db: Queryable, { workspaceId, batchId, ...job }: NewJob): Promise<BeginResult> {
  const { rows } = await db.query(
    'SELECT result, job_id AS id, batch_status AS status, batch_kind AS kind FROM begin_job($1, $2, $3)',
    [workspaceId, batchId, JSON.stringify({ ...job, runningMax: JOBS_RUNNING_MAX })],
  );
  return rows[0];
}

export type EndResult =
  { result: 'ENDED'; batchId: string } | { result: 'NOT_RUNNING'; status: JobStatus } | { result: 'NOT_FOUND' };
type EndRequest = { workspaceId: string; jobId: string; actor: Actor; commandId: string | null };

/** Ends a job in its middle (`end_job`). Once it has answered, the job changes nobody more. */
export async function endJob(db: Queryable, { workspaceId, jobId, actor, commandId }: EndRequest): Promise<EndResult> {
  const { rows } = await db.query('SELECT result, status, batch_id AS "batchId" FROM end_job($1, $2, $3, $4)', [
    workspaceId,
    jobId,
    JSON.stringify(actor),
    commandId,
  ]);
  return rows[0];
}

/** Whether a recipient of the batch has this number. */
export async function hasPhone(db: Queryable, batchId: string, phone: string): Promise<boolean> {
  const { rows } = await db.query(
    'SELECT EXISTS (SELECT FROM recipients WHERE batch_id = $1 AND phone = $2) AS found',
    [batchId, phone],
  );
  return rows[0].found;
}
