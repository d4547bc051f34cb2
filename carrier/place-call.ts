import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Decision } from './carrier.js';
import { answerJson, pause, readJson, type RouteDeps } from './http.js';
import { faultsFor, strikes, type ShareFault } from './plan-call.js';
import type { CallRecord, RequestRecord } from './request-record.js';
import type { CreateCall } from './wire.js';

/** How a wire words a create request and its answers. */
export type CreateForm = {
  read(body: unknown): { is: 'read'; request: CreateCall } | { is: 'unreadable'; why: string };
  created(call: CallRecord): unknown;
  statusOf(refusal: RefusalStatus): number;
  error(message: string): unknown;
};
type RefusalStatus = (Decision & { is: 'refused' })['status'];

const RETRY_AFTER_SECONDS = '1';
/** How long the answer to a create request waits for its first webhook to arrive before it. */
const EARLY_WEBHOOK_MAX_MS = 5_000;

/** Asks the carrier for a call, and answers as it decides, if the faults let it. */
export async function placeCall(
  deps: RouteDeps,
  form: CreateForm,
  { req, res }: { req: IncomingMessage; res: ServerResponse },
): Promise<void> {
  const receivedAtMs = Date.now();
  const read = form.read(await readJson(req));
  if (read.is === 'unreadable') {
    recordUnread(deps, 400);
    return answerJson(res, 400, form.error(read.why));
  }
  const decision = deps.carrier.receive(read.request, receivedAtMs);
  if (decision.is === 'accepted') return answerAccepted(deps, { ...decision, form }, res);
  const record: RequestRecord = { receivedAtMs, request: read.request, answeredStatus: null, call: null };
  deps.ledger.add(record);
  if (decision.is === 'dropped') {
    res.destroy();
  } else {
    record.answeredStatus = form.statusOf(decision.status);
    if (decision.status === 429) res.setHeader('retry-after', RETRY_AFTER_SECONDS);
    answerJson(res, record.answeredStatus, form.error(decision.message));
  }
  deps.ledger.close(record);
}

/** The call exists by now; what its client gets to know of it is up to the faults. */
async function answerAccepted(
  deps: RouteDeps,
  accepted: Decision & { is: 'accepted' } & { form: CreateForm },
  res: ServerResponse,
): Promise<void> {
  const { settings } = deps;
  const { call, record, firstTold, form } = accepted;
  const has = (fault: ShareFault): boolean => strikes(settings(), fault, call.key);
  if (has('dropAfterAccept')) {
    res.destroy();
    return;
  }
  if (has('webhookEarly')) await Promise.race([firstTold, pause(deps, EARLY_WEBHOOK_MAX_MS)]);
  if (has('slowAnswer')) await pause(deps, faultsFor(settings(), call.key.to).slowAnswerMs);
  if (has('answer500AfterAccept')) {
    record.answeredStatus = 500;
    return answerJson(res, 500, form.error('internal error'));
  }
  record.answeredStatus = 201;
  answerJson(res, 201, has('answerUnreadable') ? { ok: true } : form.created(call));
}

/** Keeps a request that could not be read, or whose key was wrong. */
export function recordUnread({ ledger }: RouteDeps, answeredStatus: number): void {
  const record: RequestRecord = { receivedAtMs: Date.now(), request: null, answeredStatus, call: null };
  ledger.add(record);
  ledger.close(record);
}
