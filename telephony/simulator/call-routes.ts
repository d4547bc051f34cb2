import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { Decision } from './carrier.js';
import { answerJson, readJson, urlOf, type RouteDeps } from './http.js';
import { faultsFor, strikes, type ShareFault } from './plan-call.js';
import { callObjectOf, type RequestRecord } from './request-record.js';
import { createCallSchema } from './wire.js';

const RETRY_AFTER_SECONDS = '1';
/** How long the answer to a create request waits for its first webhook to arrive before it. */
const EARLY_WEBHOOK_MAX_MS = 5_000;
const CALL_PATH = /^\/v1\/calls\/([\w-]+)(\/hangup)?$/;

/** The platform's own API: place, look up, hang up. */
export async function answerCalls(deps: RouteDeps, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const { pathname, searchParams } = urlOf(req);
  if (req.headers.authorization !== `Bearer ${deps.settings().apiKey}`) {
    if (req.method === 'POST' && pathname === '/v1/calls') recordUnread(deps, 401);
    return answerJson(res, 401, { error: 'wrong key' });
  }
  if (pathname === '/v1/calls' && req.method === 'POST') return placeCall(deps, req, res);
  if (pathname === '/v1/calls' && req.method === 'GET') return findCalls(deps, searchParams.get('reference'), res);
  const [, callId, hangUp] = CALL_PATH.exec(pathname) ?? [];
  if (callId && hangUp && req.method === 'POST') return hangUpCall(deps, callId, res);
  if (callId && !hangUp && req.method === 'GET') return getCall(deps, callId, res);
  answerJson(res, 404, { error: `there is no ${req.method} ${pathname}` });
}

async function placeCall(deps: RouteDeps, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const receivedAtMs = Date.now();
  const read = createCallSchema.safeParse(await readJson(req));
  if (!read.success) {
    recordUnread(deps, 400);
    return answerJson(res, 400, { error: z.prettifyError(read.error) });
  }
  const decision = deps.carrier.receive(read.data, receivedAtMs);
  if (decision.is === 'accepted') return answerAccepted(deps, decision, res);
  const record: RequestRecord = { receivedAtMs, request: read.data, answeredStatus: null, call: null };
  deps.ledger.add(record);
  if (decision.is === 'dropped') {
    res.destroy();
  } else {
    record.answeredStatus = decision.status;
    if (decision.status === 429) res.setHeader('retry-after', RETRY_AFTER_SECONDS);
    answerJson(res, decision.status, { error: decision.message });
  }
  deps.ledger.close(record);
}

/** The call exists by now; what its client gets to know of it is up to the faults. */
async function answerAccepted(
  { settings, timers }: RouteDeps,
  accepted: Decision & { is: 'accepted' },
  res: ServerResponse,
): Promise<void> {
  const { call, record, firstTold } = accepted;
  const has = (fault: ShareFault): boolean => strikes(settings(), fault, call.key);
  const pause = (delayMs: number): Promise<void> => new Promise((resolve) => void timers.after(delayMs, resolve));
  if (has('dropAfterAccept')) {
    res.destroy();
    return;
  }
  if (has('webhookEarly')) await Promise.race([firstTold, pause(EARLY_WEBHOOK_MAX_MS)]);
  if (has('slowAnswer')) await pause(faultsFor(settings(), call.key.to).slowAnswerMs);
  if (has('answer500AfterAccept')) {
    record.answeredStatus = 500;
    return answerJson(res, 500, { error: 'internal error' });
  }
  record.answeredStatus = 201;
  answerJson(res, 201, has('answerUnreadable') ? { ok: true } : { call_id: call.callId });
}

function findCalls({ carrier }: RouteDeps, reference: string | null, res: ServerResponse): void {
  if (reference === null) answerJson(res, 400, { error: 'say which calls: ?reference=' });
  else answerJson(res, 200, { calls: carrier.find(reference).map(callObjectOf) });
}

function getCall({ carrier }: RouteDeps, callId: string, res: ServerResponse): void {
  const call = carrier.get(callId);
  if (call) answerJson(res, 200, callObjectOf(call));
  else answerJson(res, 404, { error: `there is no call ${callId}` });
}

function hangUpCall({ carrier }: RouteDeps, callId: string, res: ServerResponse): void {
  if (!carrier.hangUp(callId)) answerJson(res, 404, { error: `there is no call ${callId}` });
  else res.writeHead(204).end();
}

function recordUnread({ ledger }: RouteDeps, answeredStatus: number): void {
  const record: RequestRecord = { receivedAtMs: Date.now(), request: null, answeredStatus, call: null };
  ledger.add(record);
  ledger.close(record);
}
