import { createHash, randomBytes } from 'node:crypto';
import type { Database, Queryable } from '../database.js';

export type ApiKeyRole = 'viewer' | 'operator' | 'admin';
export type ApiKeyHolder = { apiKeyId: string; workspaceId: string; keyName: string; role: ApiKeyRole };

const KEY_PREFIX = 'dw_';
const KEY = /^dw_[A-Za-z0-9_-]{43}$/;

/** Makes a key and keeps its SHA-256 only. @returns the key, which can never be read again. */
export async function createApiKey(
  { prisma }: Pick<Database, 'prisma'>,
  input: { workspaceId: string; name: string; role: ApiKeyRole },
): Promise<{ apiKeyId: string; key: string }> {
  const key = `${KEY_PREFIX}${randomBytes(32).toString('base64url')}`;
  const data = { ...input, keyHash: hashOf(key) };
  const { id } = await prisma.apiKey.create({ data, select: { id: true } });
  return { apiKeyId: id, key };
}

/**
 * @returns null for a key that is unknown, malformed or revoked. Found by its hash, so no comparison leaks the key. A
 * prepared statement: every request asks.
 */
export async function findApiKey(db: Queryable, key: string): Promise<ApiKeyHolder | null> {
  if (!KEY.test(key)) return null;
  const { rows } = await db.query({
    name: 'find_api_key',
    text: 'SELECT id AS "apiKeyId", workspace_id AS "workspaceId", name AS "keyName", role FROM api_keys WHERE key_hash = $1 AND revoked_at IS NULL',
    values: [hashOf(key)],
  });
  return rows[0] ?? null;
}

/** @returns false when there is no such key, or it is revoked already. */
export async function revokeApiKey({ pool }: Database, workspaceId: string, apiKeyId: string): Promise<boolean> {
  // The time is the database's, which Prisma cannot name.
  const { rowCount } = await pool.query(
    'UPDATE api_keys SET revoked_at = dialwright_now() WHERE id = $1 AND workspace_id = $2 AND revoked_at IS NULL',
    [apiKeyId, workspaceId],
  );
  return rowCount === 1;
}

function hashOf(key: string): Buffer<ArrayBuffer> {
  return Buffer.from(createHash('sha256').update(key).digest());
}
