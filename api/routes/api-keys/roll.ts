import { z } from 'zod';
import { publicId } from '../../../domain/ids.js';
import { readApiKey, rollApiKey } from '../../../store/people/api-keys.js';
import { refused } from '../../actions/check-caller.js';
import { ApiError, notFound } from '../../http/errors.js';
import { defineOperation } from '../../http/operation.js';
import { newApiKeySchema } from '../../schemas/api-key-schemas.js';
import { idIn } from '../../schemas/fields.js';
import { toApiKeyView } from '../../views/api-key-view.js';

const OVERLAP_DEFAULT_S = 86_400;
const OVERLAP_MAX_S = 604_800;
const OWN_OVERLAP_MIN_S = 60;

export const rollApiKeyOperation = defineOperation({
  id: 'rollApiKey',
  method: 'post',
  path: '/v1/api-keys/{apiKeyId}/roll',
  summary: 'Replace an API key by a new one',
  description:
    'The new key has the same name, role and life, and is shown once. The old one works on for the overlap, so that what uses it can be changed meanwhile; 0 ends it at once. A key is rolled once, then its successor.',
  tag: 'API keys',
  role: 'admin',
  confirmation: 'always',
  shownOnce: ['key'],
  params: z.object({ apiKeyId: idIn('apiKey') }),
  body: z
    .strictObject({
      overlapSeconds: z.int().min(0).max(OVERLAP_MAX_S).default(OVERLAP_DEFAULT_S).meta({
        description: 'How long the old key works on: a day unless said otherwise, a week at most',
      }),
    })
    .default({ overlapSeconds: OVERLAP_DEFAULT_S }),
  responses: { 201: { description: 'The new key', headers: ['Location'], schema: newApiKeySchema } },
  errors: ['key_is_over', 'key_was_rolled'],
  async handler({ auth, params, body, deps, command }) {
    const { workspaceId } = auth;
    const old = publicId('apiKey', params.apiKeyId);
    if (params.apiKeyId === auth.apiKeyId && body.overlapSeconds < OWN_OVERLAP_MIN_S)
      throw refused(
        'validation_failed',
        'overlapSeconds',
        `A key that rolls itself works on for ${OWN_OVERLAP_MIN_S} seconds at least: without it nobody could ask again when the answer is lost.`,
      );
    const asked = { workspaceId, actor: auth.actor, commandId: command.id };
    const made = await rollApiKey(deps.db, asked, {
      id: params.apiKeyId,
      newId: command.newId('apiKey'),
      overlapMs: body.overlapSeconds * 1_000,
    });
    if (made.is === 'OVER')
      throw new ApiError(
        'key_is_over',
        `The API key ${old} is revoked or has expired: make a new one, POST /v1/api-keys.`,
      );
    if (made.is === 'TWICE') {
      const successorId = publicId('apiKey', made.successorId);
      throw new ApiError('key_was_rolled', `${successorId} took over from the API key ${old} already. Roll that one.`, {
        members: { successorId },
      });
    }
    const record = made.is === 'ROLLED' ? await readApiKey(deps.db, workspaceId, made.apiKeyId) : null;
    if (made.is !== 'ROLLED' || !record) throw notFound('API key', old);
    return {
      status: 201,
      body: { ...toApiKeyView(record), key: made.key },
      headers: { Location: `/v1/api-keys/${publicId('apiKey', made.apiKeyId)}` },
    };
  },
});
