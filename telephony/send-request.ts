import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import type { EgressPolicy } from '../platform/egress.js';
import { createEgressRules, hostOf, portOf } from './egress/egress-rules.js';
import { checkedLookup, createResolver, resolveBySystem, type ResolveHost } from './egress/resolve-host.js';
import { receiveStream, type StreamAnswer } from './egress/receive-stream.js';
import type { RequestToSend } from './egress/request-to-send.js';
import { TunnelAgent } from './egress/tunnel-agent.js';

/**
 * `not-sent`: no byte of the request left; `isOwnDelay` when this process came too late to it, which says nothing about the
 * other side. `lost`: bytes may have left and no whole answer came back.
 */
export type SendAnswer =
  | { is: 'not-sent'; why: string; isOwnDelay?: true }
  | { is: 'answered'; status: number; headers: http.IncomingHttpHeaders; body: string }
  | { is: 'lost'; why: string };

/** The one way out: whatever leaves this process for an address that a tenant gave goes through it. */
export type Sender = {
  /**
   * Sends one request at most once: no retry, no redirect, and it never throws. The first byte is written on a connected
   * socket (TLS included) before `limits.sendBeforeMs`, or never. The whole exchange takes at most
   * `limits.requestTimeoutMs`, connecting included. What the installation does not allow is `not-sent`.
   */
  send(request: RequestToSend): Promise<SendAnswer>;
  /** The same for a body that is longer than an answer in one piece may be, such as a recording: it is given as it comes. */
  receive(request: RequestToSend & { bytesMax: number }): Promise<StreamAnswer>;
  /** Why nothing is sent to this address; null when it may be tried. What its name stands for is checked as it connects. */
  problemOf(url: string): string | null;
  allowSimulator: boolean;
};

const ANSWER_BYTES_MAX = 1_048_576;
/** A process that looks at the clock so much later than it meant to has no time for its connections either. */
const OWN_DELAY_MS = 20;
const SOCKETS_PER_HOST_MAX = 512;
const FREE_SOCKETS_PER_HOST_MAX = 64;
/**
 * A server may close an idle socket just as we write to it, and then nobody can tell whether it read the request. So a
 * socket idles only briefly, and is not kept at all when the server says that it closes idle ones soon.
 */
const FREE_SOCKET_LIFE_MS = 2_000;
const KEEP_ALIVE_HINT_MIN_MS = FREE_SOCKET_LIFE_MS + 1_000;

const AGENT_OPTIONS: http.AgentOptions = {
  keepAlive: true,
  timeout: FREE_SOCKET_LIFE_MS,
  maxSockets: SOCKETS_PER_HOST_MAX,
  maxFreeSockets: FREE_SOCKETS_PER_HOST_MAX,
  scheduling: 'lifo',
};
/** TLS sockets whose handshake is done: one that waits in the agent's queue may get such a socket, or a fresh one. */
const secureSockets = new WeakSet<Socket>();

/** With `resolve`, names are resolved by it and not by the name servers of this machine. */
export function createSender(policy: EgressPolicy, resolve: ResolveHost = createResolver()): Sender {
  const rules = createEgressRules(policy);
  const agents = { http: new http.Agent(AGENT_OPTIONS), https: new https.Agent(AGENT_OPTIONS) };
  const tunnel = policy.proxyUrl && new TunnelAgent(policy.proxyUrl, AGENT_OPTIONS);
  return {
    allowSimulator: policy.allowSimulator,
    problemOf: rules.problemOf,
    async send(request) {
      const problem = rules.problemOf(request.url.split('?', 1)[0] ?? '');
      return problem === null ? exchange(request, open) : { is: 'not-sent', why: `the address ${problem}` };
    },
    async receive(request) {
      const problem = rules.problemOf(request.url.split('?', 1)[0] ?? '');
      if (problem !== null) return { is: 'failed', why: `the address ${problem}` };
      return receiveStream(request, { open, reasonOf });
    },
  };

  /** Starts to connect. Node writes nothing, headers included, before `end`. */
  function open({ method, url: text, headers, body }: RequestToSend): http.ClientRequest {
    const url = new URL(text);
    const target = { host: hostOf(url), port: portOf(url) };
    const isNamed = rules.isNamed(target.host, target.port);
    const length = body === null ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const options = { method, headers: { ...headers, ...length } };
    if (tunnel && !isNamed) return https.request(url, { ...options, agent: tunnel });
    const lookup = checkedLookup(target, { rules, resolve: isNamed ? resolveBySystem : resolve });
    return url.protocol === 'https:'
      ? https.request(url, { ...options, lookup, agent: agents.https })
      : http.request(url, { ...options, lookup, agent: agents.http });
  }
}

function exchange(request: RequestToSend, open: (request: RequestToSend) => http.ClientRequest): Promise<SendAnswer> {
  return new Promise((resolve) => {
    const { url, body, limits } = request;
    const { sendBeforeMs = Infinity, requestTimeoutMs } = limits;
    let stage: 'unsent' | 'sent' | 'answering' = 'unsent';
    let req: http.ClientRequest | undefined;
    const settle = (answer: SendAnswer): void => {
      clearTimeout(timeout);
      clearTimeout(budget);
      resolve(answer);
    };
    const fail = (why: string): void => {
      settle(stage === 'unsent' ? { is: 'not-sent', why } : { is: 'lost', why });
      req?.destroy();
    };
    const timeout = setTimeout(() => fail(`no answer within ${requestTimeoutMs} ms`), requestTimeoutMs);
    const budget = Number.isFinite(sendBeforeMs) ? setTimeout(failUnsent, sendBeforeMs - performance.now()) : undefined;

    try {
      req = open(request);
    } catch (err) {
      fail(`the request cannot be made: ${reasonOf(err)}`);
      return;
    }
    req.on('error', (err) => fail(reasonOf(err)));
    req.on('close', () => {
      if (stage !== 'answering') fail('the connection closed without an answer');
    });
    req.on('socket', (socket: Socket) => whenConnected(socket, url, writeRequest));
    req.on('response', (res) => {
      stage = 'answering';
      readAnswer(res, settle, fail);
    });

    function failUnsent(): void {
      if (stage !== 'unsent') return;
      if (performance.now() - sendBeforeMs < OWN_DELAY_MS)
        fail('the dial budget passed before the connection was ready');
      else settleUnsent('this machine was too busy to send it within the dial budget');
    }

    function settleUnsent(why: string): void {
      settle({ is: 'not-sent', why, isOwnDelay: true });
      req?.destroy();
    }

    // Nothing may come between the check of the clock and the write. A request that was given up is never written.
    function writeRequest(): void {
      if (!req || req.destroyed) return;
      if (performance.now() >= sendBeforeMs) {
        failUnsent();
        return;
      }
      stage = 'sent';
      req.end(body ?? undefined);
    }
  });
}

function whenConnected(socket: Socket, url: string, go: () => void): void {
  const isConnected = isTls(url) ? secureSockets.has(socket) : !socket.connecting;
  if (isConnected) {
    go();
    return;
  }
  socket.once(isTls(url) ? 'secureConnect' : 'connect', () => {
    secureSockets.add(socket);
    go();
  });
}

function readAnswer(
  res: http.IncomingMessage,
  settle: (answer: SendAnswer) => void,
  fail: (why: string) => void,
): void {
  const { socket } = res;
  const chunks: Buffer[] = [];
  let bytes = 0;
  res.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES_MAX) fail(`the answer has more than ${ANSWER_BYTES_MAX} bytes`);
    else chunks.push(chunk);
  });
  res.on('end', () => {
    if (!res.complete) {
      fail('the answer was cut off');
      return;
    }
    if (keepAliveHintMs(res) < KEEP_ALIVE_HINT_MIN_MS) socket.destroy();
    settle({
      is: 'answered',
      status: res.statusCode ?? 0,
      headers: res.headers,
      body: Buffer.concat(chunks).toString('utf8'),
    });
  });
  res.on('error', (err) => fail(`the answer was cut off: ${reasonOf(err)}`));
  res.on('close', () => fail('the answer was cut off'));
}

function keepAliveHintMs(res: http.IncomingMessage): number {
  const hint = /timeout=(\d+)/.exec(String(res.headers['keep-alive'] ?? ''))?.[1];
  return hint === undefined ? Infinity : Number(hint) * 1_000;
}

function isTls(url: string): boolean {
  return url.startsWith('https:');
}

const REASONS: Record<string, string> = {
  ADDRESS_NOT_ALLOWED: 'its name stands for no public address',
  PROXY_REFUSED: 'the egress proxy opened no connection to it',
};

/** A code where there is one: messages may hold addresses. */
function reasonOf(err: unknown): string {
  const { code, name } = err as NodeJS.ErrnoException;
  return REASONS[code ?? ''] ?? code ?? name;
}
