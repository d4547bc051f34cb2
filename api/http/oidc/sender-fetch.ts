import type { CustomFetch } from 'openid-client';
import { PlainError } from '../../../platform/loggable.js';
import type { Sender } from '../../../telephony/send-request.js';

/** The identity provider gave no answer of its own; why, in words of ours. */
export class ProviderAwayError extends PlainError {
  override readonly name = 'ProviderAwayError';
  readonly code = 'IDENTITY_PROVIDER_AWAY';
}

/**
 * The requests of openid-client, by the one checked sender: its rules hold for the identity provider too, and it bounds the time and
 * the size of each answer. @throws ProviderAwayError
 */
export function senderFetch(sender: Sender, requestTimeoutMs: number): CustomFetch {
  return async (url, { method, headers, body }) => {
    const answer = await sender.send({
      method: method === 'POST' ? 'POST' : 'GET',
      url,
      headers,
      body: typeof body === 'string' || body instanceof URLSearchParams ? body.toString() : null,
      limits: { requestTimeoutMs },
    });
    if (answer.is !== 'answered') throw new ProviderAwayError(answer.why);
    if (answer.status >= 500) throw new ProviderAwayError(`it answered ${answer.status}`);
    const contentType = answer.headers['content-type'];
    return new Response(answer.body === '' ? null : answer.body, {
      status: answer.status,
      headers: contentType === undefined ? {} : { 'content-type': contentType },
    });
  };
}
