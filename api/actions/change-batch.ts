import type { Request } from 'express';
import {
  ALLOWED_WHEN,
  allowedActions,
  RESTORABLE_DAYS,
  RESTORABLE_STATUSES,
  type BatchAction,
  type BatchKind,
  type BatchStatus,
} from '../../domain/batches/status.js';
import { publicId } from '../../domain/ids.js';
import {
  changeBatch,
  type BatchChange,
  type BatchPatch,
  type ChangeRequest,
  type ChangeResult,
} from '../../store/changes/change-batch.js';
import { readCommand } from '../../store/people/record-audit.js';
import type { CountsOf } from '../../store/batches/batch-counts.js';
import { readBatch, type BatchRow } from '../../store/batches/read-batches.js';
import { DECIDES_ZONES } from '../../domain/batches/settings.js';
import { deriveZones } from '../../store/hours/derive-zones.js';
import { doChunkWork } from '../../store/batches/sweep-rows.js';
import { ApiError, notFound } from '../http/errors.js';
import type { RequestDeps, Auth, Command } from '../http/operation.js';
import { submitAndDiscard } from '../../store/changes/submit-and-discard.js';
import { refused } from './check-caller.js';
import { readIfMatch, versionHeader } from '../http/bodies/if-match.js';
import type { BatchWarning } from '../schemas/batch-schemas.js';
import { toBatchView, toCounters } from '../views/batch-view.js';
import { missingFields } from '../../domain/batches/missing-fields.js';
import { incomplete } from './batches/incomplete.js';
import { wakeBatch } from './wake-batch.js';

type Asked = { deps: RequestDeps; auth: Auth; command: Command; req: Pick<Request, 'get'> };
type ChangeAction = Extract<BatchAction, BatchChange> | 'restore';
type ChangeOptions = {
  from?: readonly BatchStatus[];
  patch?: BatchPatch;
  openings?: NonNullable<ChangeRequest['openings']>;
  /** With a submit: uploads that are discarded in the same commit. */
  discardImports?: readonly string[];
};

/** The batch, or 404. */
export async function requireBatch(
  { deps, auth }: { deps: RequestDeps; auth: Auth },
  batchId: string,
): Promise<BatchRow> {
  const batch = await readBatch(deps.db.pool, auth.workspaceId, batchId);
  if (!batch) throw notFound('batch', publicId('batch', batchId));
  return batch;
}

type Planned = ChangeOptions & { action: ChangeAction };

/** So often openings are planned again because the hours changed meanwhile. */
const PLANS_MAX = 4;
/** Chunks of zones that are derived before a change is answered: about a quarter of a second. */
const DERIVED_AT_ONCE_MAX = 6;
/** In each round somebody else's change is made. */
const ROUNDS_MAX = 50;

/**
 * Plans a change of a batch from what is read, and carries it out if the batch still has the hours and the version that it
 * was planned for; else plans again. So two changes of two parts of one object both hold. After a few plans it goes
 * without openings: the batch stays closed until the sweeper has written them. @throws ApiError when it is not possible
 */
export async function applyPlanned(
  asked: Asked,
  batchId: string,
  plan: (batch: BatchRow) => Promise<Planned>,
): Promise<void> {
  let plansRefused = 0;
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const { action, openings, ...options } = await plan(await requireBatch(asked, batchId));
    const planned = openings && plansRefused < PLANS_MAX - 1 ? { ...options, openings } : options;
    const result = await applyChange(asked, batchId, action, planned);
    if (result === 'DONE') return;
    if (result === 'HOURS_CHANGED') plansRefused += 1;
  }
  const message = `The batch ${publicId('batch', batchId)} is being changed by many others. Send the change again.`;
  throw new ApiError('version_conflict', message);
}

/**
 * Carries out an action on a batch, then tells its run. The answer is the database's: once it is given, a forbidding
 * action has stopped all further dialling. @returns what makes the one who asks plan again, when nothing was changed: the
 * openings were planned for other hours (HOURS_CHANGED), or the patch was made from another version (READ_AGAIN), than the
 * batch has now. @throws ApiError when the action is not possible
 */
export async function applyChange(
  { deps, auth, command, req }: Asked,
  batchId: string,
  action: ChangeAction,
  options: ChangeOptions = {},
): Promise<'DONE' | 'HOURS_CHANGED' | 'READ_AGAIN'> {
  const ifMatch = readIfMatch(req.get('if-match'));
  const patch = { ...options.patch, ...(ifMatch !== null && { expectedVersion: ifMatch }) };
  const request: ChangeRequest = {
    workspaceId: auth.workspaceId,
    batchId,
    action,
    from: options.from ?? (action === 'restore' ? RESTORABLE_STATUSES : ALLOWED_WHEN[action]),
    actor: auth.actor,
    commandId: command.id,
    ...(Object.keys(patch).length > 0 && { patch }),
    ...(options.openings && { openings: options.openings }),
  };
  const { discardImports = [] } = options;
  const change =
    discardImports.length > 0
      ? await submitAndDiscard(deps.db, request, discardImports)
      : await changeBatch(deps.db.pool, request);
  if (change.result === 'HOURS_CHANGED' || change.result === 'READ_AGAIN') return change.result;
  // Repeated: what counts is what became of it the first time.
  const first = change.result === 'REPEATED' ? await readCommand(deps.db.pool, command.id) : null;
  const result = first && !first.applied ? (first.result as ChangeResult['result']) : change.result;
  if (result !== 'CHANGED' && result !== 'REPEATED') {
    // A deleted batch is not there for a look.
    const batch = action === 'restore' ? null : await requireBatch({ deps, auth }, batchId);
    if (result === 'VERSION_CONFLICT' && ifMatch !== null) throw otherVersion(batchId, change.version);
    if (action === 'submit' && batch) await checkComplete(deps, batch);
    throw refusal({ id: batchId, kind: batch?.kind ?? 'BATCH' }, action, { ...change, result });
  }
  if (DECIDES_ZONES.some((field) => patch[field] !== undefined)) await deriveFirst(deps, batchId);
  const followsInChunks = action === 'cancel' || action === 'retry' || action === 'delete';
  const startsRun = action === 'submit' || action === 'resume' || action === 'retry';
  // One after the other: a chunk passes over a batch whose row is just written, and a wake may write it.
  if (followsInChunks) await moveFirstChunk(deps, batchId);
  await wakeBatch(deps, batchId, { startsRun });
  return 'DONE';
}

type AnswerOptions = {
  /** What the change has to say beside. */
  notes?: readonly BatchWarning[];
  /** A change that changes no count need not wait until a large batch is counted again. */
  countsOf?: CountsOf;
};

/** The whole batch as it is now, and its version as ETag. */
export async function answerBatch(
  { deps, auth }: Pick<Asked, 'deps' | 'auth'>,
  batchId: string,
  { notes = [], countsOf = 'version' }: AnswerOptions = {},
): Promise<{ status: 200; body: ReturnType<typeof toBatchView>; headers: { ETag: string } }> {
  const [batch, counts] = await Promise.all([
    requireBatch({ deps, auth }, batchId),
    deps.counter.count([batchId], countsOf),
  ]);
  const view = toBatchView(batch, counts.get(batch.id)!); // counted above
  return {
    status: 200,
    body: { ...view, warnings: [...view.warnings, ...notes] },
    headers: versionHeader(view.version),
  };
}

type BatchAsFound = { id: string; kind: BatchKind; status: BatchStatus };

export function notAllowed({ id, kind, status }: BatchAsFound, action: BatchAction | 'restore'): ApiError {
  const allowed = allowedActions(status, kind);
  const what = kind === 'TEST' ? 'is a test call, one call as it was asked for, and' : 'is';
  const message = `The batch ${publicId('batch', id)} ${what} ${status}, which does not allow: ${action}. Allowed now: ${allowed.join(', ') || 'nothing'}.`;
  return new ApiError('action_not_allowed', message, { members: { batchStatus: status, allowedNow: allowed } });
}

/** The first rows at once, so that a small batch is done when the answer is given; the sweeper moves the rest. */
async function moveFirstChunk({ db, logger }: RequestDeps, batchId: string): Promise<void> {
  await doChunkWork(db.pool, batchId).catch((err: unknown) =>
    logger.warn({ batchId, err }, 'recipients will follow their batch later'),
  );
}

/** The first zones at once, so that a small draft can be submitted when the answer is given; the sweeper derives the rest. */
async function deriveFirst({ db, logger }: RequestDeps, batchId: string): Promise<void> {
  try {
    for (let chunk = 0; chunk < DERIVED_AT_ONCE_MAX; chunk++) if (!(await deriveZones(db.pool, batchId))) return;
  } catch (err) {
    logger.warn({ batchId, err }, 'the zones of recipients will be derived later');
  }
}

/** @throws ApiError with everything that a draft lacks, in one list */
async function checkComplete({ counter }: RequestDeps, batch: BatchRow): Promise<void> {
  if (batch.status !== 'DRAFT') return;
  const counts = await counter.count([batch.id]);
  const { total } = toCounters(batch, counts.get(batch.id)!).recipients; // counted above
  const missing = missingFields(batch, total > 0 || batch.hasRowsOutstanding);
  if (missing.length > 0) throw incomplete(batch.id, missing);
}

function zonesLocked(id: string, status: BatchStatus): ApiError {
  const message = `The batch ${id} is ${status} and has recipients: hoursIn, unknownZone and purpose can no longer be changed. Duplicate the batch, and change the draft.`;
  return new ApiError('field_locked', message);
}

/** Rows of an upload were checked by whose clock counts, their time zone column too. */
export function uploadsChecked(batchId: string): ApiError {
  const message = `The batch ${publicId('batch', batchId)} has an upload that is not confirmed, or whose rows are still being added: hoursIn, unknownZone and purpose decide how its rows are read. Confirm or discard it, wait until its rows are there, then change them.`;
  return new ApiError('field_locked', message);
}

function otherVersion(batchId: string, version: number): ApiError {
  const message = `The batch ${publicId('batch', batchId)} has another version than If-Match names: ${version}. Read it again, then change it.`;
  return new ApiError('precondition_failed', message, { members: { version }, headers: versionHeader(version) });
}

type Refused = { id: string; kind: BatchKind };

/** Why a change was not made, as it is told. */
export function refusal(batch: Refused, action: ChangeAction, { result, status, version }: ChangeResult): ApiError {
  const id = publicId('batch', batch.id);
  switch (result) {
    case 'NOT_FOUND':
      return notFound('batch', id);
    case 'ZONES_OUTSTANDING':
      return new ApiError(
        'zones_outstanding',
        `Whose clock counts was changed in the batch ${id}, and the time zones of its recipients are still being derived. Nobody is called by the wrong clock: submit when zonesOutstanding is false.`,
      );
    case 'NUMBER_UNUSABLE':
      return new ApiError(
        'from_number_disabled',
        `The from-number of the batch ${id} cannot call out, or it or its provider account is disabled. Enable it first.`,
      );
    case 'AGENT_UNUSABLE':
      return new ApiError('agent_disabled', `The agent of the batch ${id} is disabled. Enable it first.`);
    case 'UPLOADS_OPEN':
      return new ApiError(
        'uploads_under_review',
        `The batch ${id} has an upload that is not confirmed: nobody in it would be called. Confirm or discard it, then submit; or submit with discardUploads: true.`,
      );
    case 'END_PASSED':
      return refused(
        'end_in_past',
        'end',
        `The end of the batch ${id} has passed. Give it a later end, or null for none; a retry takes \`end\` too.`,
      );
    case 'NOTHING_TO_RETRY':
      return new ApiError(
        'nothing_to_retry',
        `No recipient of the batch ${id} failed or went unanswered, so there is nobody to call again.`,
      );
    case 'HAS_RECIPIENTS':
      return status === 'DRAFT' ? uploadsChecked(batch.id) : zonesLocked(id, status);
    case 'VERSION_CONFLICT':
      return new ApiError(
        'version_conflict',
        `The batch ${id} has been changed: its version is ${version}. Read it again, then change it.`,
        { members: { version } },
      );
    case 'NOT_DELETED':
    case 'RESTORE_TOO_LATE':
      return notRestored(id, result);
    // What it lacked has come meanwhile.
    case 'NO_RECIPIENTS':
    case 'NO_WINDOW':
    case 'INCOMPLETE':
      return new ApiError('version_conflict', `The batch ${id} was changed meanwhile. Send the request again.`);
    case 'NOT_ALLOWED':
    case 'HOURS_CHANGED':
    case 'CHANGED':
    case 'REPEATED':
    case 'READ_AGAIN':
    case 'TOO_EARLY':
    case 'UNSETTLED':
      return notAllowed({ ...batch, status }, action);
  }
}

function notRestored(id: string, result: 'NOT_DELETED' | 'RESTORE_TOO_LATE'): ApiError {
  if (result === 'NOT_DELETED')
    return new ApiError('batch_not_deleted', `The batch ${id} is not deleted: there is nothing to restore.`);
  const message = `The batch ${id} was deleted more than ${RESTORABLE_DAYS} days ago and stays deleted. Its calls are still in GET /v1/calls. Make another batch.`;
  return new ApiError('restore_too_late', message);
}
