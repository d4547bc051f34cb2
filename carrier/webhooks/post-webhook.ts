import http from 'node:http';
import https from 'node:https';

export type Webhook = { url: string; headers: Record<string, string>; body: string; timeoutMs: number };

/** Nothing is read of an answer but its status; a longer one counts as none. */
const ANSWER_BYTES_MAX = 1_048_576;
/**
 * A receiver may close an idle socket just as the next event is written to it, and the event is lost. So a socket idles
 * only briefly, and is not kept when the receiver says that it closes idle ones almost as soon.
 */
const FREE_SOCKET_LIFE_MS = 2_000;
const RECEIVER_KEEPS_MS_MIN = 3_000;

/** Connections are kept: at hundreds of calls a second, opening them would cost more than the posts do. */
const AGENT_OPTIONS: http.AgentOptions = {
  keepAlive: true,
  timeout: FREE_SOCKET_LIFE_MS,
  maxSockets: 512,
  maxFreeSockets: 64,
};
const HTTP_AGENT = new http.Agent(AGENT_OPTIONS);
const HTTPS_AGENT = new https.Agent(AGENT_OPTIONS);

/**
 * Posts once: a redirect is not followed, and nothing is sent again. Takes `timeoutMs` at most, connecting included, and
 * never throws. @returns the status of an answer that came whole, else null.
 */
export function postWebhook(webhook: Webhook): Promise<number | null> {
  return new Promise((resolve) => {
    let req: http.ClientRequest | undefined;
    const answered = (status: number): void => {
      clearTimeout(timeout);
      resolve(status);
    };
    const giveUp = (): void => {
      clearTimeout(timeout);
      resolve(null);
      req?.destroy();
    };
    const timeout = setTimeout(giveUp, webhook.timeoutMs);
    try {
      req = openRequest(webhook);
    } catch {
      giveUp(); // an address that is neither http nor https, or a header that cannot be sent
      return;
    }
    let isAnswering = false;
    req.on('response', (res) => {
      isAnswering = true;
      readAnswer(res, answered, giveUp);
    });
    req.on('error', giveUp);
    req.on('close', () => {
      if (!isAnswering) giveUp();
    });
    req.end(webhook.body);
  });
}

function openRequest({ url, headers, body }: Webhook): http.ClientRequest {
  const options = { method: 'POST', headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) } };
  return url.startsWith('https:')
    ? https.request(url, { ...options, agent: HTTPS_AGENT })
    : http.request(url, { ...options, agent: HTTP_AGENT });
}

function readAnswer(res: http.IncomingMessage, answered: (status: number) => void, giveUp: () => void): void {
  const { socket } = res;
  let bytes = 0;
  res.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES_MAX) giveUp();
  });
  res.on('end', () => {
    if (!res.complete) return giveUp();
    if (receiverKeepsMs(res) < RECEIVER_KEEPS_MS_MIN) socket.destroy();
    answered(res.statusCode ?? 0);
  });
  res.on('error', giveUp);
  res.on('close', () => {
    if (!res.complete) giveUp();
  });
}

/** How long the receiver says that it keeps an idle socket. */
function receiverKeepsMs(res: http.IncomingMessage): number {
  const seconds = /timeout=(\d+)/.exec(String(res.headers['keep-alive'] ?? ''))?.[1];
  return seconds === undefined ? Infinity : Number(seconds) * 1_000;
}
