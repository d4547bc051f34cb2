import { inTransaction, type Database, type Queryable } from '../database.js';
import { pauseBatches } from '../batches/pause-batches.js';

/** What the provider listed, in its own words. */
type Listed = {
  agents: { providerAgentId: string; name: string }[];
  /** `outboundAgentId` is the provider's id of the agent bound to the number. */
  numbers: { phone: string; label: string | null; outboundAgentId: string | null }[];
};
type Account = { workspaceId: string; providerAccountId: string };

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
 * Makes agents and numbers of an account what the provider listed: new ones are added, names follow, and those that are
 * gone are disabled, with the running batches that use them paused. Nothing is deleted, and nothing is enabled: a person
 * may have had a reason. All of it or nothing, under the workspace lock, so that no dial with what is gone can follow the
 * answer. Safe to repeat.
 */
export async function syncAccount(db: Database, account: Account, listed: Listed): Promise<SyncResult> {
  const { workspaceId } = account;
  return inTransaction(db, async (tx) => {
    await tx.query('SELECT lock_workspace($1)', [workspaceId]);
    const agents = await writeAgents(tx, account, listed.agents);
    const numbers = await writeNumbers(tx, account, listed.numbers);
    const goneAgents = await disableGoneAgents(tx, account, listed.agents);
    const goneNumbers = await disableGoneNumbers(tx, account, listed.numbers);
    const reason = (what: string) =>
      `The provider no longer has its ${what}. Once it is there again, enable it, then resume.`;
    const paused = [
      ...(await pauseBatches(tx, { workspaceId, column: 'agent_id', ids: goneAgents, reason: reason('agent') })),
      ...(await pauseBatches(tx, {
        workspaceId,
        column: 'from_number_id',
        ids: goneNumbers,
        reason: reason('from-number'),
      })),
    ];
    return {
      agents: { ...agents, disabled: goneAgents.length },
      phoneNumbers: { ...numbers, disabled: goneNumbers.length },
      paused,
    };
  });
}

type Written = Pick<SyncCounts, 'added' | 'updated'>;

/** Only what is new or differs is written, and counted; a row that was just inserted has no xmax. */
async function writeAgents(tx: Queryable, account: Account, agents: Listed['agents']): Promise<Written> {
  const named = agents.map(({ providerAgentId, name }) => ({
    id: providerAgentId,
    name: shown(name) ?? shown(providerAgentId) ?? 'Agent',
  }));
  const { rows } = await tx.query<{ added: boolean }>(
    `INSERT INTO agents AS a (workspace_id, provider_account_id, provider_agent_id, name)
     SELECT DISTINCT ON (l.id) $1::uuid, $2::uuid, l.id, l.name FROM jsonb_to_recordset($3) AS l (id text, name text) ORDER BY l.id
     ON CONFLICT (provider_account_id, provider_agent_id) DO UPDATE SET name = excluded.name WHERE a.name <> excluded.name
     RETURNING a.xmax = 0 AS added`,
    [account.workspaceId, account.providerAccountId, JSON.stringify(named)],
  );
  return countWritten(rows);
}

/** A label that the provider does not have is ours, and stays; so does an outbound agent that somebody chose. */
async function writeNumbers(
  tx: Queryable,
  account: Account,
  numbers: Listed['numbers'],
): Promise<Written & { skipped: number }> {
  const usable = numbers.filter(({ phone }) => /^\+[1-9][0-9]{6,14}$/.test(phone));
  const labelled = usable.map(({ phone, label, outboundAgentId }) => ({
    phone,
    label: label === null ? null : shown(label),
    agent: outboundAgentId,
  }));
  const { rows } = await tx.query<{ added: boolean }>(
    `INSERT INTO phone_numbers AS n (workspace_id, provider_account_id, phone, label, outbound_agent_id)
     SELECT DISTINCT ON (l.phone) $1::uuid, $2::uuid, l.phone, l.label, a.id
     FROM jsonb_to_recordset($3) AS l (phone text, label text, agent text)
     LEFT JOIN agents a ON a.provider_account_id = $2 AND a.provider_agent_id = l.agent ORDER BY l.phone
     ON CONFLICT (provider_account_id, phone) DO UPDATE
       SET label = coalesce(excluded.label, n.label), outbound_agent_id = coalesce(n.outbound_agent_id, excluded.outbound_agent_id)
       WHERE (n.label, n.outbound_agent_id) IS DISTINCT FROM
         (coalesce(excluded.label, n.label), coalesce(n.outbound_agent_id, excluded.outbound_agent_id))
     RETURNING n.xmax = 0 AS added`,
    [account.workspaceId, account.providerAccountId, JSON.stringify(labelled)],
  );
  return { ...countWritten(rows), skipped: numbers.length - usable.length };
}

async function disableGoneAgents(
  tx: Queryable,
  { providerAccountId }: Account,
  agents: Listed['agents'],
): Promise<string[]> {
  if (agents.length >= LISTED_MAX) return [];
  const { rows } = await tx.query<{ id: string }>(
    `UPDATE agents SET disabled_at = dialwright_now()
     WHERE provider_account_id = $1 AND disabled_at IS NULL AND provider_agent_id <> ALL($2) RETURNING id`,
    [providerAccountId, agents.map(({ providerAgentId }) => providerAgentId)],
  );
  return rows.map(({ id }) => id);
}

async function disableGoneNumbers(
  tx: Queryable,
  { providerAccountId }: Account,
  numbers: Listed['numbers'],
): Promise<string[]> {
  if (numbers.length >= LISTED_MAX) return [];
  const { rows } = await tx.query<{ id: string }>(
    `UPDATE phone_numbers SET disabled_at = dialwright_now()
     WHERE provider_account_id = $1 AND disabled_at IS NULL AND phone <> ALL($2) RETURNING id`,
    [providerAccountId, numbers.map(({ phone }) => phone)],
  );
  return rows.map(({ id }) => id);
}

function countWritten(rows: { added: boolean }[]): Written {
  const added = rows.filter((row) => row.added).length;
  return { added, updated: rows.length - added };
}

/** A provider's text, as long as a name may be; null when there is nothing to see. */
function shown(text: string): string | null {
  return [...text.trim()].slice(0, NAME_LENGTH_MAX).join('') || null;
}
