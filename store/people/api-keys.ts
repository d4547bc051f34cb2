import type { Actor } from '../../domain/people/actor.js';
import { createHash, randomBytes } from 'node:crypto';
import type { Role } from '../../domain/people/roles.js';
import { isApiKey, shownPart, writeApiKey } from '../../platform/api-key.js';
import type { Database, Queryable } from '../database.js';
import type { ApiKey } from '../generated/client.js';
import { pageOfWorkspace, type Page } from '../settings/plain-rows.js';

export type ApiKeyHolder = { apiKeyId: string; workspaceId: string; keyName: string; role: Role };
/** Without its hash, which nobody needs. */
export type ApiKeyRecord = Omit<ApiKey, 'keyHash'>;

/** Who asks for a change of keys; a command that was recorded already is not recorded again. */
export type KeyCommand = { workspaceId: string; actor: Actor; commandId: string | null };
type NewApiKey = Partial<KeyCommand> & {
  workspaceId: string;
  id?: string | null;
  name: string;
  role: Role;
  expiresAt?: Date | null;
};
type MadeKey = { apiKeyId: string; key: string };

/**
 * Makes a key and keeps its SHA-256 only. Safe to repeat with an id: the key of before, which nobody has seen, is replaced.
 * @returns the key, which can never be read again.
 */
export async function createApiKey(
  { pool }: Database,
  { workspaceId, actor = 'setup', commandId = null, id = null, name, role, expiresAt = null }: NewApiKey,
): Promise<MadeKey> {
  const key = writeApiKey(randomBytes(32));
  const made = { id, name, role, expiresAt, hash: hashOf(key).toString('hex'), prefix: shownPart(key) };
  const { rows } = await pool.query('SELECT create_api_key($1, $2, $3, $4) AS id', [
    workspaceId,
    JSON.stringify(made),
    JSON.stringify(actor),
    commandId,
  ]);
  return { apiKeyId: rows[0].id, key };
}

export async function listApiKeys({ prisma }: Database, workspaceId: string, page: Page): Promise<ApiKeyRecord[]> {
  return prisma.apiKey.findMany({ ...pageOfWorkspace(workspaceId, page), omit: { keyHash: true } });
}

export async function readApiKey({ prisma }: Database, workspaceId: string, id: string): Promise<ApiKeyRecord | null> {
  return prisma.apiKey.findFirst({ where: { id, workspaceId }, omit: { keyHash: true } });
}

/**
 * @returns null for a key that is unknown, malformed, expired or revoked. Found by its hash, so no comparison leaks the key.
 * A prepared statement: every request asks.
 */
export async function findApiKey(db: Queryable, key: string): Promise<ApiKeyHolder | null> {
  if (!isApiKey(key)) return null;
  const { rows } = await db.query({
    name: 'find_api_key',
    text: `SELECT id AS "apiKeyId", workspace_id AS "workspaceId", name AS "keyName", role FROM api_keys
      WHERE key_hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > dialwright_now())`,
    values: [hashOf(key)],
  });
  return rows[0] ?? null;
}

/** Notes that a key was used, unless that was noted within the last minute. */
export async function noteUse(db: Queryable, apiKeyId: string): Promise<void> {
  await db.query(
    `UPDATE api_keys SET last_used_at = dialwright_now()
     WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < dialwright_now() - interval '1 minute')`,
    [apiKeyId],
  );
}

/**
 * Makes a key that takes over from another one: its name and role, and the same time until it expires. The other one works
 * on for `overlapMs`, so that nobody is cut off meanwhile (`roll_api_key`). Safe to repeat with an id. TWICE: the key with the
 * id that is told took over from it before.
 */
export async function rollApiKey(
  { pool }: Database,
  { workspaceId, actor, commandId }: KeyCommand,
  { id, newId, overlapMs }: { id: string; newId: string | null; overlapMs: number },
): Promise<({ is: 'ROLLED' } & MadeKey) | { is: 'NOT_FOUND' | 'OVER' } | { is: 'TWICE'; successorId: string }> {
  const key = writeApiKey(randomBytes(32));
  const made = { id: newId, hash: hashOf(key).toString('hex'), prefix: shownPart(key), overlapMs };
  const { rows } = await pool.query('SELECT result, id FROM roll_api_key($1, $2, $3, $4, $5)', [
    workspaceId,
    id,
    JSON.stringify(made),
    JSON.stringify(actor),
    commandId,
  ]);
  const { result, id: newKeyId } = rows[0];
  if (result === 'TWICE') return { is: result, successorId: newKeyId };
  return result === 'ROLLED' ? { is: result, apiKeyId: newKeyId, key } : { is: result };
}

export type Revoked = 'REVOKED' | 'NOT_FOUND' | 'LAST_ADMIN';

/**
 * From the answer on the key is of no use (`revoke_api_key`). Not the last admin key that does not expire: nobody could make
 * another. Safe to repeat.
 */
export async function revokeApiKey(
  { pool }: Database,
  { workspaceId, actor, commandId }: KeyCommand,
  id: string,
): Promise<Revoked> {
  const { rows } = await pool.query('SELECT revoke_api_key($1, $2, $3, $4) AS result', [
    workspaceId,
    id,
    JSON.stringify(actor),
    commandId,
  ]);
  return rows[0].result;
}

function hashOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
