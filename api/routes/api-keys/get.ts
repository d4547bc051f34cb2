import { z } from 'zod';
import { publicId } from '../../../domain/ids.js';
import { readApiKey } from '../../../store/people/api-keys.js';
import { notFound } from '../../http/errors.js';
import { defineOperation } from '../../http/operation.js';
import { apiKeySchema } from '../../schemas/api-key-schemas.js';
import { idIn } from '../../schemas/fields.js';
import { toApiKeyView } from '../../views/api-key-view.js';

export const getApiKeyOperation = defineOperation({
  id: 'getApiKey',
  method: 'get',
  path: '/v1/api-keys/{apiKeyId}',
  summary: 'Get an API key',
  description: 'Never the key itself.',
  tag: 'API keys',
  role: 'admin',
  params: z.object({ apiKeyId: idIn('apiKey') }),
  responses: { 200: { description: 'The key', schema: apiKeySchema } },
  async handler({ auth, params, deps }) {
    const record = await readApiKey(deps.db, auth.workspaceId, params.apiKeyId);
    if (!record) throw notFound('API key', publicId('apiKey', params.apiKeyId));
    return { status: 200, body: toApiKeyView(record) };
  },
});
