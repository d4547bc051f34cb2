import { VERDICT_WORDS, VERDICTS } from '../../domain/calls/verdict.js';
import { publicId } from '../../domain/ids.js';
import { JOB_SKIPS, type JobSkip } from '../../domain/jobs/job.js';
import type { JobChange, JobFilter, JobRow } from '../../store/jobs/jobs.js';
import type { JobView } from '../schemas/job-schemas.js';

export function toJobView(job: JobRow): JobView {
  const { actor, change, total, examined, matched, done } = job;
  const skipped = Object.fromEntries(JOB_SKIPS.map((reason) => [reason, job.skipped[reason] ?? 0]));
  return {
    id: publicId('job', job.id),
    batchId: publicId('batch', job.batchId),
    kind: job.kind,
    status: job.status,
    statusReason: job.statusReason,
    filter: toFilterView(job.filter),
    change: job.kind === 'edit' ? toChangeView(change) : null,
    verdict: VERDICT_WORDS.find((word) => VERDICTS[word] === change.verdict) ?? null,
    outcome: change.outcome ?? null,
    // `total` was counted a little before it began.
    progress: job.status === 'DONE' ? 1 : Math.min(examined / Math.max(total, 1), 1),
    counts: { total, examined, matched, done, skipped: skipped as Record<JobSkip, number> },
    begunBy: typeof actor === 'string' ? actor : actor.id,
    begunByName: typeof actor === 'string' ? null : actor.name,
    createdAt: job.createdAt.toISOString(),
    finishedAt: job.finishedAt?.toISOString() ?? null,
  };
}

function toFilterView({ status, outcome, text, phone, importId, recipientIds }: JobFilter): JobView['filter'] {
  return {
    status: status ?? null,
    outcome: outcome ?? null,
    text: text ?? phone ?? null,
    importId: importId ? publicId('import', importId) : null,
    idCount: recipientIds?.length ?? null,
  };
}

function toChangeView({ variables, notBefore, notAfter }: JobChange): JobView['change'] {
  return {
    ...(variables && { variables }),
    ...(notBefore !== undefined && { notBefore }),
    ...(notAfter !== undefined && { notAfter }),
  };
}
