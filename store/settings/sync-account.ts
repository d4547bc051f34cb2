import type { Actor } from '../../domain/people/actor.js';
import type { Queryable } from '../database.js';

/** What the provider listed, in its own words. */
type Listed = {
  agents: { providerAgentId: string; name: string }[];
  /** `outboundAgentId` is the provider's id of the agent bound to the number. */
  numbers: { phone: string; label: string | null; outboundAgentId: string | null }[];
};
type Account = { workspaceId: string; providerAccountId: string; actor: Actor };

export type SyncCounts = { added: number; updated: number; disabled: number };
export type SyncResult = {
  agents: SyncCounts;
  /** `skipped`: numbers that are not E.164, from which nothing can be called. */
  phoneNumbers: SyncCounts & { skipped: number };
  /** The batches to wake. */
  paused: string[];
};

/** A list of this length may have been cut: what it lacks may be there all the same, and stays as it is. */
const LISTED_MAX = 1_000;
const NAME_LENGTH_MAX = 100;

/**
 * Makes agents and numbers of an account what the provider listed (`sync_account`), and pauses the running batches that use
 * what is gone: no dial with it can follow the answer. All of it or nothing. Safe to repeat.
 */
export async function syncAccount(
  db: Queryable,
  { workspaceId, providerAccountId, actor }: Account,
  { agents, numbers }: Listed,
): Promise<SyncResult> {
  const usable = numbers.filter(({ phone }) => /^\+[1-9][0-9]{6,14}$/.test(phone));
  const listed = {
    agents: agents.map(({ providerAgentId, name }) => ({
      id: providerAgentId,
      name: shown(name) ?? shown(providerAgentId) ?? 'Agent',
    })),
    numbers: usable.map(({ phone, label, outboundAgentId }) => ({
      phone,
      label: label === null ? null : shown(label),
      agent: outboundAgentId,
    })),
    agentIds: agents.map(({ providerAgentId }) => providerAgentId),
    phones: numbers.map(({ phone }) => phone),
    areAgentsCut: agents.length >= LISTED_MAX,
    areNumbersCut: numbers.length >= LISTED_MAX,
  };
  const { rows } = await db.query('SELECT agents, numbers, paused FROM sync_account($1, $2, $3, $4)', [
    workspaceId,
    providerAccountId,
    JSON.stringify(listed),
    JSON.stringify(actor),
  ]);
  const [synced] = rows;
  return {
    agents: synced.agents,
    phoneNumbers: { ...synced.numbers, skipped: numbers.length - usable.length },
    paused: synced.paused,
  };
}

/** A provider's text, as long as a name may be; null when there is nothing to see. */
function shown(text: string): string | null {
  return [...text.trim()].slice(0, NAME_LENGTH_MAX).join('') || null;
}
