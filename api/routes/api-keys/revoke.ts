import { z } from 'zod';
import { publicId } from '../../../domain/ids.js';
import { readApiKey, revokeApiKey } from '../../../store/people/api-keys.js';
import { ApiError, notFound } from '../../http/errors.js';
import { defineOperation } from '../../http/operation.js';
import { apiKeySchema } from '../../schemas/api-key-schemas.js';
import { emptyBody, idIn } from '../../schemas/fields.js';
import { toApiKeyView } from '../../views/api-key-view.js';

export const revokeApiKeyOperation = defineOperation({
  id: 'revokeApiKey',
  method: 'post',
  path: '/v1/api-keys/{apiKeyId}/revoke',
  summary: 'End an API key at once',
  description:
    'Once it is answered, no request with the key is taken. The last admin key that does not expire cannot be revoked: nobody could make another. Roll it instead.',
  tag: 'API keys',
  role: 'admin',
  params: z.object({ apiKeyId: idIn('apiKey') }),
  body: emptyBody,
  responses: { 200: { description: 'The key as it is now', schema: apiKeySchema } },
  errors: ['last_admin_key'],
  async handler({ auth, params, deps, command }) {
    const { workspaceId } = auth;
    const asked = { workspaceId, actor: auth.actor, commandId: command.id };
    const result = await revokeApiKey(deps.db, asked, params.apiKeyId);
    const shown = publicId('apiKey', params.apiKeyId);
    if (result === 'LAST_ADMIN')
      throw new ApiError(
        'last_admin_key',
        `${shown} is the last admin key that does not expire. Make another one first, or roll this one.`,
      );
    const record = result === 'REVOKED' ? await readApiKey(deps.db, workspaceId, params.apiKeyId) : null;
    if (!record) throw notFound('API key', shown);
    return { status: 200, body: toApiKeyView(record) };
  },
});
