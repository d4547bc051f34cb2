import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { startSimulator } from '../../carrier/server.js';
import { NO_FAULTS, type Faults, type SettingsPatch } from '../../carrier/settings.js';
import { signBody } from '../../carrier/webhooks/sign-body.js';
import { createProvider } from '../../telephony/create-provider.js';
import { testSender } from '../support/sender.js';
import type { ProviderUnderTest, ReceivedWebhook, Treatment } from './provider-conformance.js';

/** What tells one wire of the simulated carrier from another. */
export type Wire = {
  kind: 'simulator' | 'retell';
  createPath: string;
  referenceIn(body: unknown): string;
  refusal: unknown;
  signatureHeader: string;
  /** What webhooks are signed with. */
  secret: string;
  /** An event of the same call that tells another end, busy, and another verdict of the analysis. */
  contradict(body: { event: string; call: Record<string, unknown> }): unknown;
};

export const API_KEY = 'carrier-key';
export const WEBHOOK_SECRET = 'conformance-secret';
const RINGING: SettingsPatch = { ringMs: { min: 40_000, max: 40_000 } };
const AT_ONCE: SettingsPatch = { ringMs: { min: 0, max: 0 }, callLength: { is: 'fixed', ms: 20 }, analysisDelayMs: 5 };

/** The simulated carrier, behind a front that counts create requests, as a platform for the conformance suite. */
export async function startSimulatedPlatform(wire: Wire): Promise<ProviderUnderTest> {
  const received: ReceivedWebhook[] = [];
  const receiver = await listen(async (req, res) => {
    const receivedAtMs = Date.now();
    received.push({ rawBody: await bodyOf(req), headers: req.headers, receivedAtMs });
    res.writeHead(204).end();
  });
  const simulator = await startSimulator({
    wire: wire.kind,
    apiKey: API_KEY,
    webhookUrl: receiver.url,
    webhookSecret: WEBHOOK_SECRET,
    outcomes: { ANSWERED: 1 },
    setupMs: 0,
    agents: [
      { id: 'agent_b', name: 'Bea' },
      { id: 'agent_a', name: 'Ana' },
    ],
    fromNumbers: [
      { phone: '+12025550100', label: 'Main line', outboundAgentId: 'agent_a' },
      { phone: '+12025550101', label: null, outboundAgentId: null },
    ],
  });
  const front = await startFront(simulator.url, wire);
  const account = {
    kind: wire.kind,
    baseUrl: front.url,
    credentials: { apiKey: API_KEY, webhookSecret: wire.secret },
    settleDelayMs: null,
  };
  const gone = await listen(() => undefined);
  await gone.stop();

  return {
    provider: createProvider(account, testSender),
    stranger: createProvider({ ...account, credentials: { apiKey: 'another-key' } }, testSender),
    unreachable: createProvider({ ...account, baseUrl: gone.url }, testSender),
    offers: {
      agents: [
        { providerAgentId: 'agent_b', name: 'Bea' },
        { providerAgentId: 'agent_a', name: 'Ana' },
      ],
      numbers: [
        { phone: '+12025550100', label: 'Main line', outboundAgentId: 'agent_a' },
        { phone: '+12025550101', label: null, outboundAgentId: null },
      ],
    },
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
    contradict({ rawBody, receivedAtMs }) {
      const told = Buffer.from(JSON.stringify(wire.contradict(JSON.parse(rawBody.toString('utf8')))));
      const headers = { [wire.signatureHeader]: signBody(told, wire.secret, receivedAtMs) };
      return { rawBody: told, headers, receivedAtMs };
    },
    sign: (rawBody, atMs) => ({ [wire.signatureHeader]: signBody(rawBody, wire.secret, atMs) }),
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
async function startFront(upstream: string, { createPath, referenceIn, refusal }: Wire) {
  let seen: string[] = [];
  let status: number | null = null;
  const front = await listen(async (req, res) => {
    const body = await bodyOf(req);
    const isCreate = req.method === 'POST' && req.url === createPath;
    if (isCreate) seen.push(referenceIn(JSON.parse(body.toString('utf8'))));
    if (isCreate && status !== null) {
      res.writeHead(status, status === 429 ? { 'retry-after': '2' } : {}).end(JSON.stringify(refusal));
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
