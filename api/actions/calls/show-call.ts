import { publicId } from '../../../domain/ids.js';
import type { Queryable } from '../../../store/database.js';
import { readCall } from '../../../store/calls/list-calls.js';
import { listAttemptAudit } from '../../../store/people/read-audit.js';
import { readAttempt } from '../../../store/recipients/read-recipients.js';
import { notFound } from '../../http/errors.js';
import { toCallView } from '../../views/call-view.js';
import { toAttemptView } from '../../views/recipient-view.js';
import { toTimeline } from '../../views/timeline.js';

/** A call as a whole: with its result, what the provider told about it, and its timeline. @throws ApiError when there is none */
export async function showCall(db: Queryable, workspaceId: string, attemptId: string) {
  const attempt = await readAttempt(db, workspaceId, attemptId);
  const row = attempt && (await readCall(db, workspaceId, attemptId));
  if (!attempt || !row) throw notFound('attempt', publicId('attempt', attemptId));
  const audit = await listAttemptAudit(db, row.batchId, [attemptId]);
  return { ...toAttemptView(attempt), ...toCallView(row), timeline: toTimeline([attempt], audit) };
}
