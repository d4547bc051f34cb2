import type { Database, Queryable } from '../database.js';
import { recordAudit } from '../people/record-audit.js';
import type { WorkspaceCommand } from './workspaces.js';

/** `key` is what recipients are compared with; the phone itself when it is left out. */
export type NewSuppression = { phone: string; key?: string; reason: string | null };
export type SuppressionRow = { id: string; phone: string; reason: string | null; createdAt: Date; cursorAt: string };
export type SuppressionAfter = { cursorAt: string; id: string } | null;

/** As many as one call takes: it holds the workspace lock, and every claim waits for that. */
export const SUPPRESSIONS_CHUNK_MAX = 5_000;
/** As many as one request names: they are removed by one call. */
const LIFTED_MAX = 10_000;

/**
 * Adds numbers that must not be called (`add_suppressions`): once this has answered, no further call to one of them starts.
 * The command is recorded first, with the count alone, so that nothing is added unrecorded. Safe to repeat: what was added
 * is there already. @returns how many are new
 */
export async function addSuppressions(
  db: Database,
  command: WorkspaceCommand & { count: number },
  chunks: AsyncIterable<readonly NewSuppression[]> | Iterable<readonly NewSuppression[]>,
): Promise<number> {
  const { workspaceId, actor, commandId, count } = command;
  await recordAudit(db.pool, { workspaceId, actor, action: 'suppress', entry: { commandId, detail: { count } } });
  let added = 0;
  for await (const chunk of chunks) {
    const { rows } = await db.pool.query('SELECT added FROM add_suppressions($1, $2, $3, $4)', [
      workspaceId,
      chunk.map(({ phone }) => phone),
      chunk.map(({ phone, key }) => key ?? phone),
      chunk.map(({ reason }) => reason),
    ]);
    added += rows[0].added;
  }
  return added;
}

/**
 * Allows numbers again (`lift_suppressions`): all of them or none, in one statement, which no death of this process cuts in
 * two. So a repetition has nothing left to remove, and removes nothing that somebody added again in the meantime.
 * @param keys at most `LIFTED_MAX` @returns how many were removed
 */
export async function removeSuppressions(
  db: Queryable,
  { workspaceId, actor, commandId }: WorkspaceCommand,
  keys: readonly string[],
): Promise<number> {
  if (keys.length > LIFTED_MAX) throw new RangeError(`${keys.length} numbers are more than are allowed again at once`);
  const { rows } = await db.query('SELECT removed FROM lift_suppressions($1, $2, $3, $4)', [
    workspaceId,
    keys,
    JSON.stringify(actor),
    commandId,
  ]);
  return rows[0].removed;
}

const FIELDS = `id, phone, reason, created_at AS "createdAt", created_at::text AS "cursorAt"`;
const PAGE = `($2::timestamptz IS NULL OR (created_at, id) < ($2, $3::uuid)) ORDER BY created_at DESC, id DESC LIMIT $4`;

type Page = { after: SuppressionAfter; limit: number };
type CreatedBetween = { createdFrom?: Date | undefined; createdTo?: Date | undefined };

/** Suppressed numbers, newest first. */
export async function listSuppressions(
  db: Queryable,
  workspaceId: string,
  { after, limit, createdFrom, createdTo }: Page & CreatedBetween,
): Promise<SuppressionRow[]> {
  const { rows } = await db.query<SuppressionRow>(
    `SELECT ${FIELDS} FROM suppressions WHERE workspace_id = $1 AND ($5::timestamptz IS NULL OR created_at >= $5)
       AND ($6::timestamptz IS NULL OR created_at < $6) AND ${PAGE}`,
    [workspaceId, after?.cursorAt ?? null, after?.id ?? null, limit, createdFrom ?? null, createdTo ?? null],
  );
  return rows;
}

/** Those with this very number, found by its index. */
export async function findSuppression(db: Queryable, workspaceId: string, key: string): Promise<SuppressionRow | null> {
  const { rows } = await db.query<SuppressionRow>(
    `SELECT ${FIELDS} FROM suppressions WHERE workspace_id = $1 AND phone_key = $2`,
    [workspaceId, key],
  );
  return rows[0] ?? null;
}

/** Those whose number or reason contains the text, newest first. */
export async function searchSuppressions(
  db: Queryable,
  workspaceId: string,
  search: Page & { text: string; phonePart: string },
): Promise<SuppressionRow[]> {
  const { rows } = await db.query<SuppressionRow>(
    `SELECT ${FIELDS} FROM suppressions
     WHERE workspace_id = $1 AND (strpos(phone, $6) > 0
       OR CASE WHEN (SELECT search_text($5)) = '' THEN strpos(reason, $5) > 0 ELSE strpos(search_text(reason), (SELECT search_text($5))) > 0 END) AND ${PAGE}`,
    [
      workspaceId,
      search.after?.cursorAt ?? null,
      search.after?.id ?? null,
      search.limit,
      search.text,
      search.phonePart,
    ],
  );
  return rows;
}
