import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { createProvider } from '../../telephony/create-provider.js';
import { startSimulator } from '../../telephony/simulator/server.js';
import { NO_FAULTS, type Faults, type SettingsPatch } from '../../telephony/simulator/settings.js';
import { SIGNATURE_HEADER, signBody } from '../../telephony/simulator/signature.js';
import {
  describeProvider,
  type ProviderUnderTest,
  type ReceivedWebhook,
  type Treatment,
} from './provider-conformance.js';

const SECRET = 'conformance-secret';
const RINGING: SettingsPatch = { ringMs: { min: 40_000, max: 40_000 } };
const AT_ONCE: SettingsPatch = { ringMs: { min: 0, max: 0 }, callLength: { is: 'fixed', ms: 20 }, analysisDelayMs: 5 };

describeProvider('simulator', startPlatform, {
  refusals: {
    400: 'invalid-request',
    401: 'permission',
    402: 'payment',
    403: 'permission',
    404: 'agent',
    422: 'invalid-number',
    429: 'capacity',
  },
  unknownStatuses: [302, 408, 409, 418, 500, 502, 503],
});

async function startPlatform(): Promise<ProviderUnderTest> {
  const received: ReceivedWebhook[] = [];
  const receiver = await listen(async (req, res) => {
    const receivedAtMs = Date.now();
    received.push({ rawBody: await bodyOf(req), headers: req.headers, receivedAtMs });
    res.writeHead(204).end();
  });
  const simulator = await startSimulator({
    webhookUrl: receiver.url,
    webhookSecret: SECRET,
    outcomes: { ANSWERED: 1 },
    setupMs: 0,
  });
  const front = await startFront(simulator.url);
  const account = {
    kind: 'simulator',
    baseUrl: front.url,
    apiKey: 'carrier-key',
    webhookSecret: SECRET,
    settleDelayMs: null,
  };
  const gone = await listen(() => undefined);
  await gone.stop();

  return {
    provider: createProvider(account),
    unreachable: createProvider({ ...account, baseUrl: gone.url }),
    async treat(treatment) {
      simulator.reset();
      received.length = 0;
      const pace = treatment.is === 'accept-and-end' ? AT_ONCE : RINGING;
      simulator.configure({ ...pace, faults: { ...NO_FAULTS, ...faultsOf(treatment) } });
      front.refuseWith(treatment.is === 'refuse' ? treatment.status : null);
    },
    requestsSeen: front.requestsSeen,
    async allWebhooks() {
      await simulator.whenIdle();
      return received;
    },
    sign: (rawBody, atMs) => ({ [SIGNATURE_HEADER]: signBody(rawBody, SECRET, atMs) }),
    async stop() {
      await Promise.all([front.stop(), receiver.stop(), simulator.stop()]);
    },
  };
}

function faultsOf(treatment: Treatment): Partial<Faults> {
  switch (treatment.is) {
    case 'accept-and-drop':
      return { dropAfterAccept: 1 };
    case 'accept-and-answer-late':
      return { slowAnswer: 1, slowAnswerMs: treatment.afterMs };
    case 'accept-and-answer-500':
      return { answer500AfterAccept: 1 };
    case 'accept-and-answer-unreadable':
      return { answerUnreadable: 1 };
    case 'accept':
    case 'accept-and-end':
    case 'refuse':
      return {};
  }
}

/** Stands before the carrier: counts create requests, and answers them itself with statuses that the carrier never gives. */
async function startFront(upstream: string) {
  let seen: string[] = [];
  let status: number | null = null;
  const front = await listen(async (req, res) => {
    const body = await bodyOf(req);
    if (req.method === 'POST') seen.push(JSON.parse(body.toString('utf8')).reference);
    if (req.method === 'POST' && status !== null) {
      res.writeHead(status, status === 429 ? { 'retry-after': '2' } : {}).end(JSON.stringify({ error: 'refused' }));
      return;
    }
    const passed = http.request(`${upstream}${req.url}`, { method: req.method, headers: req.headers }, (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(res);
    });
    passed.on('error', () => res.destroy()).end(body);
  });
  return {
    ...front,
    refuseWith(next: number | null): void {
      seen = [];
      status = next;
    },
    requestsSeen: () => seen,
  };
}

async function listen(onRequest: (req: http.IncomingMessage, res: http.ServerResponse) => unknown) {
  const server = http.createServer((req, res) => void onRequest(req, res));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const stop = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  return { url: `http://127.0.0.1:${port}`, stop };
}

async function bodyOf(req: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
