import { publicId } from '../../domain/ids.js';
import type { Role } from '../../domain/people/roles.js';
import type { ApiKeyRecord } from '../../store/people/api-keys.js';

export function toApiKeyView({ id, name, role, prefix, createdBy, successorId, ...times }: ApiKeyRecord) {
  return {
    id: publicId('apiKey', id),
    name,
    role: role as Role, // a check of the table
    prefix,
    createdBy,
    createdAt: times.createdAt.toISOString(),
    lastUsedAt: times.lastUsedAt?.toISOString() ?? null,
    expiresAt: times.expiresAt?.toISOString() ?? null,
    revokedAt: times.revokedAt?.toISOString() ?? null,
    successorId: successorId && publicId('apiKey', successorId),
  };
}
