import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { depsOfKey } from '../deps-of-key.js';
import { answerJson, pause, readJson, urlOf, type RouteDeps } from '../http.js';
import { placeCall, recordUnread, type CreateForm } from '../place-call.js';
import { createCallOf, retellCallOf, retellListedCallOf } from './retell-call.js';
import { retellCreateSchema, retellListSchema } from './retell-wire.js';

const CREATE_PATH = '/v2/create-phone-call';
const CALL_PATH = /^\/v2\/(get-call|stop-call)\/([\w-]+)$/;
const PAGE_DEFAULT = 50;
/** The carrier has no limit of its own worth telling. */
const CONCURRENCY_TOLD_MAX = 1_000;

const CREATE_FORM: CreateForm = {
  read(body) {
    const read = retellCreateSchema.safeParse(body);
    return read.success
      ? { is: 'read', request: createCallOf(read.data) }
      : { is: 'unreadable', why: z.prettifyError(read.error) };
  },
  created: retellCallOf,
  // The carrier's 422 is a number that cannot be dialled: a request that Retell does not take.
  statusOf: (status) => (status === 422 ? 400 : status),
  error: (message) => errorOf(message.replace(/^to is/, 'to_number is')),
};

/** Whether the path is one of Retell's. */
export function isRetellPath(path: string): boolean {
  return /^\/(v2|v3)\/|^\/get-concurrency$/.test(path);
}

/** Retell's API over the same carrier: place, look up, stop, and what there is to call with. */
export async function answerRetell(all: RouteDeps, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const { pathname, searchParams } = urlOf(req);
  const route = `${req.method} ${pathname}`;
  const deps = depsOfKey(all, req.headers.authorization);
  if (!deps) {
    if (route === `POST ${CREATE_PATH}`) recordUnread(all, 401);
    return answerJson(res, 401, errorOf('API key is missing or wrong'));
  }
  if (route === `POST ${CREATE_PATH}`) return placeCall(deps, CREATE_FORM, { req, res });
  await pause(deps, deps.settings().faults.slowLookUpMs);
  switch (route) {
    case 'POST /v3/list-calls':
      return listCalls(deps, req, res);
    case 'GET /get-concurrency':
      return answerConcurrency(deps, res);
    case 'POST /v2/list-agents':
      return answerJson(res, 200, pageOf(agentsOf(deps), searchParams));
    case 'GET /v2/list-phone-numbers':
      return answerJson(res, 200, pageOf(numbersOf(deps), searchParams));
    default:
      return answerCall(deps, route, res);
  }
}

async function listCalls({ carrier }: RouteDeps, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const read = retellListSchema.safeParse(await readJson(req));
  if (!read.success) return answerJson(res, 400, errorOf(z.prettifyError(read.error)));
  const { filter_criteria: filter, limit } = read.data;
  const found = [filter.metadata[0].value].flat().flatMap(carrier.find);
  answerJson(res, 200, { items: found.slice(0, limit).map(retellListedCallOf), has_more: found.length > limit });
}

function answerCall({ carrier }: RouteDeps, route: string, res: ServerResponse): void {
  const [method = '', path = ''] = route.split(' ');
  const [, verb, callId = ''] = CALL_PATH.exec(path) ?? [];
  if (method === 'GET' && verb === 'get-call') {
    const call = carrier.get(callId);
    return call ? answerJson(res, 200, retellCallOf(call)) : answerJson(res, 404, errorOf('there is no such call'));
  }
  if (method === 'POST' && verb === 'stop-call' && carrier.hangUp(callId)) {
    res.writeHead(204).end();
    return;
  }
  answerJson(res, 404, errorOf(verb === 'stop-call' ? 'there is no such call' : `there is no ${route}`));
}

function answerConcurrency({ carrier, settings }: RouteDeps, res: ServerResponse): void {
  const limit = Math.min(settings().concurrencyMax, CONCURRENCY_TOLD_MAX);
  answerJson(res, 200, { current_concurrency: carrier.totals().live, concurrency_limit: limit });
}

function agentsOf({ settings }: RouteDeps): unknown[] {
  return settings().agents.map(({ id, name }) => ({ agent_id: id, agent_name: name, channel: 'voice', tags: {} }));
}

function numbersOf({ settings }: RouteDeps): unknown[] {
  return settings().fromNumbers.map(({ phone, label, outboundAgentId }) => ({
    phone_number: phone,
    phone_number_type: 'custom',
    ...(label !== null && { nickname: label }),
    ...(outboundAgentId !== null && { outbound_agents: [{ agent_id: outboundAgentId, weight: 1 }] }),
  }));
}

/** The pagination key is the position of the next item. */
function pageOf(all: unknown[], searchParams: URLSearchParams): Record<string, unknown> {
  const from = Number(searchParams.get('pagination_key') ?? 0);
  const to = from + Number(searchParams.get('limit') ?? PAGE_DEFAULT);
  const hasMore = to < all.length;
  return { items: all.slice(from, to), has_more: hasMore, ...(hasMore && { pagination_key: String(to) }) };
}

function errorOf(message: string): { status: 'error'; message: string } {
  return { status: 'error', message };
}
