import { ALLOWED_WHEN, type BatchAction } from '../../../domain/batches/status.js';
import { VERDICTS } from '../../../domain/calls/verdict.js';
import { publicId } from '../../../domain/ids.js';
import { JOBS_RUNNING_MAX, type JobKind } from '../../../domain/jobs/job.js';
import { readPhoneSearch } from '../../../domain/recipients/phone-search.js';
import { beginJob, hasPhone, readJob, type JobChange, type JobFilter, type JobRow } from '../../../store/jobs/jobs.js';
import { readImport } from '../../../store/imports/read-import.js';
import { doJobWork } from '../../../store/jobs/do-job-work.js';
import type { Queryable } from '../../../store/database.js';
import { ApiError, notFound } from '../../http/errors.js';
import type { Auth, Command, RequestDeps } from '../../http/operation.js';
import type { BeginJobRequest } from '../../schemas/job-schemas.js';
import { notAllowed, refusal, requireBatch } from '../change-batch.js';
import { wakeBatch } from '../wake-batch.js';

type Asked = { deps: RequestDeps; auth: Auth; command: Command };

const ACTIONS: Record<JobKind, BatchAction> = {
  remove: 'removeRecipients',
  edit: 'editRecipients',
  settle: 'settleUncertain',
  retry: 'retry',
};

/**
 * Begins a job, and makes its first chunks, so that a small one is done when the answer is given; the sweeper makes the rest,
 * whatever becomes of this process. @throws ApiError when the batch does not allow it, or many jobs run
 */
export async function beginJobIn(asked: Asked, batchId: string, request: BeginJobRequest): Promise<JobRow> {
  const { deps, auth, command } = asked;
  const batch = await requireBatch(asked, batchId);
  const action = ACTIONS[request.kind];
  await requireImportOf(asked, batchId, request.filter.importId);
  const filter = await filterOf(deps.db.pool, batchId, request.filter);
  const counted = await deps.counter.count([batchId]);
  const states = Object.values(counted.get(batchId)!.states); // counted above
  const answer = await beginJob(deps.db.pool, {
    id: command.newId('job'),
    workspaceId: auth.workspaceId,
    batchId,
    kind: request.kind,
    filter,
    change: changeOf(request),
    total: filter.recipientIds?.length ?? states.reduce((sum, count) => sum + count, 0),
    from: ALLOWED_WHEN[action],
    actor: auth.actor,
    commandId: command.id,
  });
  switch (answer.result) {
    case 'NOT_FOUND':
      throw notFound('batch', publicId('batch', batchId));
    case 'NOT_ALLOWED':
      throw notAllowed({ ...batch, status: answer.status, kind: answer.kind }, action);
    case 'ROWS_OUTSTANDING':
      throw new ApiError(
        'rows_outstanding',
        `Recipients of the batch ${publicId('batch', batchId)} still follow its last change. Send the same again in a few seconds.`,
        { headers: { 'Retry-After': '2' } },
      );
    case 'NOTHING_TO_RETRY':
      throw new ApiError(
        'nothing_to_retry',
        `No recipient of the batch ${publicId('batch', batchId)} matches and would be called again by a retry. Nothing was changed.`,
      );
    case 'TOO_MANY':
      throw new ApiError(
        'too_many_jobs',
        `${JOBS_RUNNING_MAX} jobs run in this workspace already. Wait until one is over, or end one.`,
        { headers: { 'Retry-After': '10' } },
      );
    case 'BEGUN':
    case 'REPEATED':
      return makeFirstChunks(asked, answer.id);
    default:
      throw refusal(batch, 'retry', { ...answer, version: batch.version });
  }
}

/** The job, or 404. */
export async function requireJob({ deps, auth }: Pick<Asked, 'deps' | 'auth'>, jobId: string): Promise<JobRow> {
  const job = await readJob(deps.db.pool, auth.workspaceId, jobId);
  if (!job) throw notFound('job', publicId('job', jobId));
  return job;
}

/** A job that settles is over with a chunk of its own. */
const FIRST_CHUNKS = 2;

async function makeFirstChunks(asked: Asked, jobId: string): Promise<JobRow> {
  const { db, logger } = asked.deps;
  try {
    for (let chunk = 0; chunk < FIRST_CHUNKS; chunk++) if (!(await doJobWork(db.pool, jobId)).isMore) break;
  } catch (err) {
    logger.warn({ jobId, err }, 'a job will go on later');
  }
  const job = await requireJob(asked, jobId);
  await wakeBatch(asked.deps, job.batchId, { startsRun: job.kind === 'retry' });
  return job;
}

async function requireImportOf({ deps, auth }: Asked, batchId: string, importId: string | undefined): Promise<void> {
  if (importId === undefined) return;
  const found = await readImport(deps.db.pool, auth.workspaceId, importId);
  if (found?.batchId !== batchId) throw notFound('import', publicId('import', importId));
}

async function filterOf(db: Queryable, batchId: string, asked: BeginJobRequest['filter']): Promise<JobFilter> {
  const { text, recipientIds, ...plain } = asked;
  const given = Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined));
  return {
    ...given,
    ...(recipientIds && { recipientIds: [...new Set(recipientIds)] }),
    ...(text !== undefined && (await searchOf(db, batchId, text))),
  };
}

/** As the search of recipients reads it: a whole number, where somebody has it, else a part of numbers and names. */
async function searchOf(db: Queryable, batchId: string, text: string): Promise<JobFilter> {
  const number = readPhoneSearch(text);
  if (number?.whole && (await hasPhone(db, batchId, number.whole))) return { phone: number.whole };
  return { text, phonePart: number?.part ?? text };
}

function changeOf({ kind, change, verdict, outcome }: BeginJobRequest): JobChange {
  if (kind === 'edit') return toStoredChange(change ?? {});
  if (kind !== 'settle' || !verdict) return {};
  return { verdict: VERDICTS[verdict], outcome: verdict === 'called' ? (outcome ?? 'ANSWERED') : null };
}

function toStoredChange({ variables, notBefore, notAfter }: NonNullable<BeginJobRequest['change']>): JobChange {
  return {
    ...(variables && { variables: { ...variables } }),
    ...(notBefore !== undefined && { notBefore: notBefore?.toISOString() ?? null }),
    ...(notAfter !== undefined && { notAfter: notAfter?.toISOString() ?? null }),
  };
}
