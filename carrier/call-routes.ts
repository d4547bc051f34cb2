import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { depsOfKey } from './deps-of-key.js';
import { answerJson, pause, urlOf, type RouteDeps } from './http.js';
import { placeCall, recordUnread, type CreateForm } from './place-call.js';
import { callObjectOf } from './request-record.js';
import { createCallSchema } from './wire.js';

const CREATE_FORM: CreateForm = {
  read(body) {
    const read = createCallSchema.safeParse(body);
    return read.success ? { is: 'read', request: read.data } : { is: 'unreadable', why: z.prettifyError(read.error) };
  },
  created: (call) => ({ call_id: call.callId }),
  statusOf: (status) => status,
  error: (message) => ({ error: message }),
};
const CALL_PATH = /^\/v1\/calls\/([\w-]+)(\/hangup)?$/;

/** The platform's own API: place, look up, hang up, and what there is to call with. */
export async function answerCalls(all: RouteDeps, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const { pathname, searchParams } = urlOf(req);
  const deps = depsOfKey(all, req.headers.authorization);
  if (!deps) {
    if (req.method === 'POST' && pathname === '/v1/calls') recordUnread(all, 401);
    return answerJson(res, 401, { error: 'wrong key' });
  }
  if (pathname === '/v1/calls' && req.method === 'POST') return placeCall(deps, CREATE_FORM, { req, res });
  await pause(deps, deps.settings().faults.slowLookUpMs);
  if (pathname === '/v1/calls' && req.method === 'GET') return findCalls(deps, searchParams.getAll('reference'), res);
  if (pathname === '/v1/agents' && req.method === 'GET') return listAgents(deps, res);
  if (pathname === '/v1/numbers' && req.method === 'GET') return listNumbers(deps, res);
  const [, callId, hangUp] = CALL_PATH.exec(pathname) ?? [];
  if (callId && hangUp && req.method === 'POST') return hangUpCall(deps, callId, res);
  if (callId && !hangUp && req.method === 'GET') return getCall(deps, callId, res);
  answerJson(res, 404, { error: `there is no ${req.method} ${pathname}` });
}

function findCalls({ carrier }: RouteDeps, references: readonly string[], res: ServerResponse): void {
  if (references.length === 0) answerJson(res, 400, { error: 'say which calls: ?reference=' });
  else answerJson(res, 200, { calls: references.flatMap(carrier.find).map(callObjectOf) });
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

function listAgents({ settings }: RouteDeps, res: ServerResponse): void {
  answerJson(res, 200, { agents: settings().agents.map(({ id, name }) => ({ agent_id: id, name })) });
}

function listNumbers({ settings }: RouteDeps, res: ServerResponse): void {
  const numbers = settings().fromNumbers.map(({ phone, label, outboundAgentId }) => ({
    phone,
    ...(label !== null && { label }),
    ...(outboundAgentId !== null && { outbound_agent_id: outboundAgentId }),
  }));
  answerJson(res, 200, { numbers });
}
