import type Retell from 'retell-sdk';
import { z } from 'zod';
import { parseJson } from '../parse-json.js';
import type { ListAnswer, ProviderAgent, ProviderNumber } from '../provider.js';
import { sendBySdk, type RetellAccess } from './send-by-sdk.js';
import { agentSchema, phoneNumberSchema } from './wire.js';

const ITEMS_MAX = 1_000;
const PAGES_MAX = 50;

type Page = { pagination_key?: string };

/** The account's voice agents, each once: a list may name an agent once for each of its versions. */
export async function listAgents(access: RetellAccess, timeoutMs: number): Promise<ListAnswer<ProviderAgent>> {
  const listed = await listAll(access, {
    timeoutMs,
    item: agentSchema,
    ask: (client, page) =>
      client.agent.list({ ...page, filter_criteria: { channel: { type: 'string', op: 'eq', value: 'voice' } } }),
  });
  if (listed.is === 'no-answer') return listed;
  const byId = new Map<string, ProviderAgent>();
  for (const { agent_id: providerAgentId, agent_name: name, channel } of listed.items) {
    if (channel !== 'chat' && !byId.has(providerAgentId))
      byId.set(providerAgentId, { providerAgentId, name: name || providerAgentId });
  }
  return { is: 'listed', items: [...byId.values()].slice(0, ITEMS_MAX) };
}

/** The account's numbers. Where several agents share a number's outbound calls, the one with the largest share is told. */
export async function listNumbers(access: RetellAccess, timeoutMs: number): Promise<ListAnswer<ProviderNumber>> {
  const listed = await listAll(access, {
    timeoutMs,
    item: phoneNumberSchema,
    ask: (client, page) => client.phoneNumber.list(page),
  });
  if (listed.is === 'no-answer') return listed;
  const items = listed.items.map(({ phone_number: phone, nickname, outbound_agents: agents }) => ({
    phone,
    label: nickname || null,
    outboundAgentId: [...(agents ?? [])].sort((a, b) => b.weight - a.weight)[0]?.agent_id ?? null,
  }));
  return { is: 'listed', items: items.slice(0, ITEMS_MAX) };
}

type Listing<T> = {
  timeoutMs: number;
  item: z.ZodType<T>;
  ask: (client: Retell, page: Page) => Promise<unknown>;
};

/** Page after page, all within one time-out. A list that cannot be had whole is no answer. */
async function listAll<T>(access: RetellAccess, { timeoutMs, item, ask }: Listing<T>): Promise<ListAnswer<T>> {
  const deadlineMs = performance.now() + timeoutMs;
  const schema = z.object({ items: z.array(item), has_more: z.boolean(), pagination_key: z.string().nullish() });
  const items: T[] = [];
  let page: Page = {};
  for (let pages = 0; pages < PAGES_MAX; pages++) {
    const requestTimeoutMs = Math.max(1, Math.ceil(deadlineMs - performance.now()));
    const current = page;
    const answer = await sendBySdk(access, { requestTimeoutMs }, (client) => ask(client, current));
    if (answer.is !== 'answered') return { is: 'no-answer', why: answer.why };
    if (answer.status !== 200) return { is: 'no-answer', why: `answered ${answer.status}` };
    const read = schema.safeParse(parseJson(answer.body));
    if (!read.success) return { is: 'no-answer', why: 'answered something else than a list' };
    items.push(...read.data.items);
    const { has_more: hasMore, pagination_key: next } = read.data;
    if (!hasMore) return { is: 'listed', items };
    if (!next) return { is: 'no-answer', why: 'answered a list that has more, and not where' };
    page = { pagination_key: next };
  }
  return { is: 'no-answer', why: `the list has more than ${PAGES_MAX} pages` };
}
