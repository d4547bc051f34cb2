import { z } from 'zod';
import { publicId } from '../../../domain/ids.js';
import { UnreadableSecretError } from '../../../platform/secret-box.js';
import { NoProviderAccountError } from '../../../telephony/provider-directory.js';
import { ApiError, notFound } from '../../http/errors.js';
import { defineOperation } from '../../http/operation.js';
import { idIn } from '../../schemas/fields.js';

export const receiveWebhookOperation = defineOperation({
  id: 'receiveWebhook',
  method: 'post',
  path: '/v1/webhooks/{providerAccountId}',
  summary: 'Receive an event of a provider',
  description:
    'For voice platforms. The signature over the raw body is what authenticates it. Answered once the event is committed; an event that comes again changes nothing.',
  tag: 'webhooks',
  role: null,
  params: z.object({ providerAccountId: idIn('providerAccount') }),
  bodyKind: 'raw',
  body: z.custom<Buffer>().meta({ type: 'string', format: 'binary' }),
  responses: { 204: { description: 'Recorded. 200 with a text where the platform wants one' } },
  errors: ['webhook_malformed', 'webhook_forged', 'body_too_large', 'credentials_needed', 'too_many_requests'],
  async handler({ params, body, deps, req }) {
    const { providerAccountId } = params;
    const { provider, workspaceId } = await deps.providers.accountOf(providerAccountId).catch((err: unknown) => {
      const shown = publicId('providerAccount', providerAccountId);
      if (err instanceof NoProviderAccountError) throw notFound('provider account', shown);
      if (!(err instanceof UnreadableSecretError)) throw err;
      // No 2xx: it comes again, and is read once the credentials are there. The settler asks meanwhile.
      throw new ApiError(
        'credentials_needed',
        `The stored credentials of ${shown} cannot be read, so neither can its events.`,
      );
    });
    const verdict = provider.readWebhook({
      method: req.method,
      url: `${deps.config.publicUrl ?? ''}${req.originalUrl}`,
      headers: req.headers,
      rawBody: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
      receivedAtMs: Date.now(),
    });
    if (verdict.is === 'forged')
      throw new ApiError('webhook_forged', `The event is not signed as this provider account signs: ${verdict.why}.`);
    if (verdict.is === 'malformed')
      throw new ApiError('webhook_malformed', `The event could not be read: ${verdict.why}.`);
    if (verdict.facts.length > 0) await deps.recordFacts({ workspaceId, providerAccountId }, verdict.facts);
    return verdict.answer ? { status: 200, text: verdict.answer } : { status: 204 };
  },
});
