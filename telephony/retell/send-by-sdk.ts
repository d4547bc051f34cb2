import Retell from 'retell-sdk';
import type { ProviderAccess } from '../provider.js';
import type { RequestToSend } from '../egress/request-to-send.js';
import type { SendAnswer, Sender } from '../send-request.js';

/** Statuses whose answer has no body, and with which a Response may have none. */
const NO_BODY_STATUSES = [204, 205, 304];

/** An account, and the way to it. */
export type RetellAccess = { account: ProviderAccess<{ apiKey: string }>; send: Sender['send'] };

/**
 * Runs one operation of the official SDK and tells what became of its request. The SDK knows paths, headers and types;
 * the request itself goes through our own sender, so that the dial budget is checked on the connected socket and the
 * time-out is ours. Whatever the SDK makes of the answer, another request is never sent. Never throws.
 */
export async function sendBySdk(
  { account, send }: RetellAccess,
  limits: RequestToSend['limits'],
  operate: (client: Retell) => Promise<unknown>,
): Promise<SendAnswer> {
  let sending: Promise<SendAnswer> | null = null;
  const fetchOnce = async (url: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    if (sending) throw new Error('the request was sent already');
    sending = send(requestOf(String(url), init, limits));
    return responseOf(await sending);
  };
  try {
    await operate(
      new Retell({
        apiKey: account.credentials.apiKey,
        baseURL: account.baseUrl,
        maxRetries: 0,
        fetch: fetchOnce,
        // Its logs would hold numbers and names.
        logLevel: 'off',
      }),
    );
  } catch {
    // An error of the SDK says less than the answer that it made it of.
  }
  return sending ?? { is: 'not-sent', why: 'the SDK did not make a request of it' };
}

function requestOf(url: string, init: RequestInit, limits: RequestToSend['limits']): RequestToSend {
  return {
    method: init.method as RequestToSend['method'], // the SDK's operations that we use are GET and POST
    url,
    headers: Object.fromEntries(new Headers(init.headers)),
    body: typeof init.body === 'string' ? init.body : null,
    limits,
  };
}

function responseOf(answer: SendAnswer): Response {
  if (answer.is !== 'answered') throw new TypeError(answer.why);
  const { status, body, headers } = answer;
  const contentType = headers['content-type'];
  return new Response(NO_BODY_STATUSES.includes(status) ? null : body, {
    status,
    headers: contentType === undefined ? {} : { 'content-type': contentType },
  });
}
