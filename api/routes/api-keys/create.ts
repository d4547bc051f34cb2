import { z } from 'zod';
import { publicId } from '../../../domain/ids.js';
import { createApiKey, readApiKey } from '../../../store/people/api-keys.js';
import { refused } from '../../actions/check-caller.js';
import { notFound } from '../../http/errors.js';
import { ROLES } from '../../../domain/people/roles.js';
import { defineOperation } from '../../http/operation.js';
import { newApiKeySchema } from '../../schemas/api-key-schemas.js';
import { nameText } from '../../schemas/fields.js';
import { toApiKeyView } from '../../views/api-key-view.js';

const LIFE_MAX_MS = 3_653 * 86_400_000;

export const createApiKeyOperation = defineOperation({
  id: 'createApiKey',
  method: 'post',
  path: '/v1/api-keys',
  summary: 'Make an API key',
  description: 'Shown once: only its hash is kept. viewer reads, operator runs batches, admin sets up.',
  tag: 'API keys',
  role: 'admin',
  confirmation: 'always',
  shownOnce: ['key'],
  body: z.strictObject({
    name: nameText,
    role: z.enum(ROLES),
    expiresAt: z.iso.datetime({ offset: true }).nullable().default(null).meta({
      description: 'From then on it is of no use; ten years ahead at most. Null: it does not expire',
    }),
  }),
  responses: { 201: { description: 'The key', headers: ['Location'], schema: newApiKeySchema } },
  async handler({ auth, body, deps, command }) {
    const expiresAt = body.expiresAt === null ? null : new Date(body.expiresAt);
    const inMs = expiresAt ? expiresAt.getTime() - Date.now() : 1;
    if (inMs <= 0) throw refused('validation_failed', 'expiresAt', 'expiresAt has passed: give a later time, or null.');
    if (inMs > LIFE_MAX_MS)
      throw refused('validation_failed', 'expiresAt', 'expiresAt is more than ten years ahead: give null for never.');
    const asked = { workspaceId: auth.workspaceId, actor: auth.actor, commandId: command.id };
    const made = await createApiKey(deps.db, { ...asked, ...body, id: command.newId('apiKey'), expiresAt });
    const record = await readApiKey(deps.db, auth.workspaceId, made.apiKeyId);
    const shown = publicId('apiKey', made.apiKeyId);
    if (!record) throw notFound('API key', shown);
    return {
      status: 201,
      body: { ...toApiKeyView(record), key: made.key },
      headers: { Location: `/v1/api-keys/${shown}` },
    };
  },
});
