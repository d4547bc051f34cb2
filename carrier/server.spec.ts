import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signatureProblem } from '../telephony/signature-problem.js';
import { startSimulator, type Simulator, type SimulatorOptions } from './server.js';
import { SIGNATURE_HEADER } from './wire.js';

type Received = {
  event: string;
  callId: string;
  body: Record<string, unknown>;
  forged: boolean;
  beforeAnswer: boolean;
};

const SECRET = 'test-secret';
const FAST: SimulatorOptions = {
  webhookSecret: SECRET,
  speed: 1_000,
  outcomes: { ANSWERED: 1 },
  callLength: { is: 'fixed', ms: 4_000 },
  webhookRetryDelayMs: 5,
};

describe('the simulated carrier', () => {
  let simulator: Simulator;
  let receiver: Awaited<ReturnType<typeof startReceiver>>;
  let answered = 0;
  let nextReference = 1;

  beforeEach(async () => {
    answered = 0;
    receiver = await startReceiver(() => answered > 0);
  });
  afterEach(async () => {
    await simulator.stop();
    await receiver.stop();
  });

  const start = async (options: SimulatorOptions = {}): Promise<void> => {
    simulator = await startSimulator({ ...FAST, webhookUrl: receiver.url, ...options });
  };
  const place = async (
    changes: Record<string, unknown> = {},
  ): Promise<{ status: number; callId: string | undefined }> => {
    const body = {
      reference: `ref-${nextReference++}`,
      from: '+12025550100',
      to: '+12025550123',
      agent_id: 'agent',
      ...changes,
    };
    const res = await ask('/v1/calls', { method: 'POST', body: JSON.stringify(body) });
    answered++;
    return { status: res.status, callId: ((await res.json()) as { call_id?: string }).call_id };
  };
  const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${simulator.url}${path}`, { headers: { authorization: 'Bearer carrier-key' }, ...init });

  it('takes a call through ringing, answer, end and analysis, and signs each event', async () => {
    await start();
    const { status, callId } = await place({ variables: { a: '007' }, metadata: { b: [1] }, agent_version: '3' });
    expect(status).toBe(201);
    await simulator.whenIdle();
    // Each event is a request of its own: the network may turn two that follow closely.
    expect(receiver.received.map(({ event }) => event).sort()).toEqual(['call_analyzed', 'call_ended', 'call_started']);
    expect(receiver.received.some(({ forged }) => forged)).toBe(false);
    const [entry] = simulator.ledger();
    expect(entry).toMatchObject({
      callId,
      answeredStatus: 201,
      variables: { a: '007' },
      metadata: { b: [1] },
      agentVersion: '3',
      outcome: 'ANSWERED',
      durationMs: 4_000,
    });
    const times = [entry?.receivedAt, entry?.ringingAt, entry?.answeredAt, entry?.endedAt];
    expect(times).toEqual([...times].sort());
    expect(entry?.webhooks.map(({ attempts, lastStatus }) => [attempts, lastStatus])).toEqual([
      [1, 204],
      [1, 204],
      [1, 204],
    ]);
    expect(simulator.totals()).toEqual({ live: 0, peakConcurrency: 1, accepted: 1 });
  });

  it('tells no start of a call that nobody answers', async () => {
    await start({ outcomes: { NO_ANSWER: 1 } });
    await place();
    await simulator.whenIdle();
    expect(receiver.received.map(({ event }) => event)).toEqual(['call_ended', 'call_analyzed']);
    expect(simulator.ledger()[0]).toMatchObject({ outcome: 'NO_ANSWER', answeredAt: null, durationMs: 0 });
  });

  it('makes two calls of a reference that is sent twice, and shows it', async () => {
    await start();
    await place({ reference: 'same' });
    await place({ reference: 'same' });
    expect(simulator.referencesTwice()).toEqual(['same']);
    const { calls } = (await (await ask('/v1/calls?reference=same')).json()) as { calls: unknown[] };
    expect(calls).toHaveLength(2);
    expect(await (await ask('/control/totals')).json()).toMatchObject({ accepted: 2, referencesTwice: ['same'] });
  });

  it('refuses a wrong key, a bad body, a bad number, and more calls than it may hold', async () => {
    await start({ speed: 1, concurrencyMax: 1 });
    expect(
      (await ask('/v1/calls', { method: 'POST', body: '{}', headers: { authorization: 'Bearer x' } })).status,
    ).toBe(401);
    expect((await place({ agent_id: undefined })).status).toBe(400);
    expect((await place({ to: '0123' })).status).toBe(422);
    expect((await place({ to: '0123', skip_phone_check: true })).status).toBe(201);
    expect((await place()).status).toBe(429);
    expect(simulator.ledger().map(({ answeredStatus }) => answeredStatus)).toEqual([401, 400, 422, 201, 429]);
    expect(simulator.totals()).toEqual({ live: 1, peakConcurrency: 1, accepted: 1 });
  });

  it('ends a live call on request: cancelled before an answer, answered after it', async () => {
    await start({
      speed: 1,
      setupMs: 0,
      ringMs: { min: 60_000, max: 60_000 },
      analysisDelayMs: 0,
      numbers: { '+12025550124': { ringMs: 0, callLengthMs: 600_000 } },
    });
    const ringing = await place();
    const talking = await place({ to: '+12025550124' });
    await receiver.until('call_started');
    for (const { callId } of [ringing, talking])
      expect((await ask(`/v1/calls/${callId}/hangup`, { method: 'POST' })).status).toBe(204);
    await simulator.whenIdle();
    expect(simulator.ledger().map(({ outcome, endReason }) => [outcome, endReason])).toEqual([
      ['CANCELLED', 'cancelled_by_request'],
      ['ANSWERED', 'stopped_by_request'],
    ]);
    expect((await ask('/v1/calls/call_none/hangup', { method: 'POST' })).status).toBe(404);
  });

  it('lets nothing more happen to a call that was hung up than its end and analysis', async () => {
    await start({ speed: 1, setupMs: 300, ringMs: { min: 0, max: 0 }, analysisDelayMs: 600 });
    const { callId } = await place();
    for (let times = 0; times < 2; times++) await ask(`/v1/calls/${callId}/hangup`, { method: 'POST' });
    await simulator.whenIdle();
    expect(receiver.received.map(({ event }) => event)).toEqual(['call_ended', 'call_analyzed']);
    expect(simulator.totals().live).toBe(0);
  });

  it('gives every number the same fate in two runs, whatever was refused, dropped and reordered in one of them', async () => {
    const numbers = Array.from({ length: 60 }, (_, index) => `+120255501${String(index).padStart(2, '0')}`);
    const fates = async (
      order: string[],
      faults: SimulatorOptions['faults'],
    ): Promise<[string | null, string | null, number | null][]> => {
      simulator = await startSimulator({ speed: 100_000, seed: 'fate', faults: faults ?? {} });
      for (const to of order) {
        for (let tries = 0; tries < 50 && !simulator.ledger().some((entry) => entry.to === to && entry.callId); tries++)
          await place({ to }).catch(() => undefined);
      }
      await simulator.whenIdle();
      const calls = simulator.ledger().filter((entry) => entry.callId);
      if (faults) expect(simulator.ledger().length).toBeGreaterThan(numbers.length * 2);
      await simulator.stop();
      return calls
        .map(({ to, endReason, durationMs }): [string | null, string | null, number | null] => [
          to,
          endReason,
          durationMs,
        ])
        .sort();
    };
    const calm = await fates(numbers, undefined);
    const rough = await fates([...numbers].reverse(), {
      answer429: 0.3,
      answer500: 0.3,
      dropBeforeAccept: 0.2,
      dropAfterAccept: 0.3,
    });
    expect(calm).toHaveLength(numbers.length);
    expect(rough).toEqual(calm);
  });

  it('tries an event three times until it is taken, signed afresh', async () => {
    await start();
    receiver.answerWith([500, 503, 204, 500, 500, 500]);
    await place();
    await simulator.whenIdle();
    const attempts = simulator.ledger()[0]?.webhooks.map(({ attempts }) => attempts);
    expect(attempts?.reduce((sum, count) => sum + count, 0)).toBe(receiver.received.length);
    expect(Math.max(...(attempts ?? []))).toBeLessThanOrEqual(3);
    expect(receiver.received.length).toBeGreaterThan(3);
  });

  it.each([
    ['webhookLoss', []],
    ['webhookReorder', ['call_analyzed', 'call_ended', 'call_started']],
  ] as const)('with %s posts %j', async (fault, events) => {
    await start({ faults: { [fault]: 1 } });
    await place();
    await simulator.whenIdle();
    expect(receiver.received.map(({ event }) => event)).toEqual(events);
  });

  it('with webhookDuplicate posts each event twice', async () => {
    await start({ faults: { webhookDuplicate: 1 } });
    await place();
    await simulator.whenIdle();
    expect(receiver.received.map(({ event }) => event).sort()).toEqual(
      ['analyzed', 'analyzed', 'ended', 'ended', 'started', 'started'].map((name) => `call_${name}`),
    );
  });

  it('with webhookEarly posts the first event before it answers', async () => {
    await start({ faults: { webhookEarly: 1 } });
    await place();
    await simulator.whenIdle();
    expect(receiver.received[0]).toMatchObject({ event: 'call_started', beforeAnswer: true });
  });

  it('with webhookForged posts one lie more, whose signature is wrong', async () => {
    await start({ faults: { webhookForged: 1 } });
    await place();
    await simulator.whenIdle();
    expect(receiver.received.filter(({ forged }) => forged)).toEqual([
      expect.objectContaining({ event: 'call_ended' }),
    ]);
    expect(receiver.received).toHaveLength(4);
  });

  it('hides a fresh call from look-ups for as long as it is told to', async () => {
    await start({ faults: { hideFromLookUpMs: 600_000 } });
    const { callId } = await place({ reference: 'hidden' });
    expect(await (await ask('/v1/calls?reference=hidden')).json()).toEqual({ calls: [] });
    expect((await ask(`/v1/calls/${callId}`)).status).toBe(404);
    simulator.configure({ faults: { hideFromLookUpMs: 0 } });
    expect((await ask(`/v1/calls/${callId}`)).status).toBe(200);
  });

  it('answers look-ups as late as it is told to, and takes calls meanwhile', async () => {
    await start({ faults: { slowLookUpMs: 300 } });
    await place({ reference: 'slow' });
    const askedMs = performance.now();
    expect((await ask('/v1/calls?reference=slow')).status).toBe(200);
    // Timers of Node may come a millisecond early.
    expect(performance.now() - askedMs).toBeGreaterThanOrEqual(298);
    const placedMs = performance.now();
    await place();
    expect(performance.now() - placedMs).toBeLessThan(250);
  });

  it('can be steered while it runs, and says what it did not understand', async () => {
    await start();
    const put = (patch: unknown) => ask('/control/config', { method: 'PUT', body: JSON.stringify(patch) });
    expect(await (await put({ speed: 7, faults: { answer429: 1 } })).json()).toMatchObject({
      speed: 7,
      faults: { answer429: 1 },
    });
    expect((await place()).status).toBe(429);
    expect((await put({ sped: 7 })).status).toBe(400);
    expect(simulator.settings().speed).toBe(7);
    expect((await ask('/control/reset', { method: 'POST' })).status).toBe(200);
    expect(simulator.ledger()).toEqual([]);
  });

  it('gives its ledger in pages, as lines, and as a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'carrier-'));
    await start({ ledgerFile: join(folder, 'ledger.ndjson') });
    for (let index = 0; index < 5; index++) await place({ reference: `page-${index}` });
    await simulator.whenIdle();
    const page = async (query: string) =>
      (await (await ask(`/control/ledger?${query}`)).json()) as {
        entries: { reference: string }[];
        next: number | null;
      };
    const first = await page('limit=3');
    const second = await page(`limit=3&after=${first.next}`);
    expect([...first.entries, ...second.entries].map(({ reference }) => reference)).toEqual(
      [0, 1, 2, 3, 4].map((index) => `page-${index}`),
    );
    expect([first.next, second.next]).toEqual([3, null]);
    const lines = await (await ask('/control/ledger.ndjson')).text();
    expect(
      lines
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(simulator.ledger());
    const inMemory = simulator.ledger();
    await simulator.stop();
    const written = (await readFile(join(folder, 'ledger.ndjson'), 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(written.sort(byReference)).toEqual(inMemory.sort(byReference));
    await rm(folder, { recursive: true });
  });

  it('forgets the oldest ended calls beyond its bound', async () => {
    await start({ requestsKeptMax: 2 });
    const callIds: (string | undefined)[] = [];
    for (let index = 0; index < 4; index++) {
      const { callId } = await place({ reference: `kept-${index}` });
      callIds.push(callId);
      await simulator.whenIdle();
    }
    expect(simulator.ledger().map(({ reference }) => reference)).toEqual(['kept-2', 'kept-3']);
    expect(simulator.totals().accepted).toBe(4);
    expect((await ask(`/v1/calls/${callIds[0]}`)).status).toBe(404);
    expect((await ask(`/v1/calls/${callIds[3]}`)).status).toBe(200);
    expect((await ask('/v1/calls?reference=kept-0').then((res) => res.json())) as unknown).toEqual({ calls: [] });
  });
});

function byReference(a: { reference: string | null }, b: { reference: string | null }): number {
  return String(a.reference).localeCompare(String(b.reference));
}

/** Takes webhooks, and answers the statuses it is given, then 204. */
async function startReceiver(isAnswered: () => boolean) {
  const received: Received[] = [];
  let statuses: number[] = [];
  let look: () => void = () => undefined;
  const server = http.createServer((req, res) => {
    const chunks: Buffer[] = [];
    const beforeAnswer = !isAnswered();
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const rawBody = Buffer.concat(chunks);
      const body = JSON.parse(rawBody.toString('utf8'));
      const forged =
        signatureProblem(rawBody, String(req.headers[SIGNATURE_HEADER]), { secret: SECRET, nowMs: Date.now() }) !==
        null;
      received.push({ event: body.event, callId: body.call.call_id, body, forged, beforeAnswer });
      res.writeHead(statuses.shift() ?? 204).end();
      look();
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answerWith: (next: number[]) => void (statuses = next),
    until: (event: string) =>
      new Promise<void>((resolve) => {
        look = () => received.some((one) => one.event === event) && resolve();
        look();
      }),
    async stop(): Promise<void> {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
