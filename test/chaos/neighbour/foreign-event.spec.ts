import { retell } from '../../../telephony/retell/adapter.js';
import { simulator } from '../../../telephony/simulator/adapter.js';
import { createRandom } from '../random.js';
import { drawForeignEvent, type ForeignEvent, type OthersCall } from './foreign-event.js';

const CALL: OthersCall = {
  callId: 'call_of_the_other',
  reference: `att_${'1'.repeat(32)}`,
  from: '+12025550100',
  to: '+12122200001',
};
const NOW_MS = Date.UTC(2026, 8, 1, 12);
const SECRET = 'neighbour-secret';
const notSent = (): never => {
  throw new Error('nothing is sent');
};
const ACCOUNT = { baseUrl: 'https://carrier.test', credentials: { apiKey: SECRET } };
const ADAPTERS = {
  simulator: simulator.create(ACCOUNT, notSent),
  retell: retell.create(ACCOUNT, notSent),
};

function drawMany(provider: 'simulator' | 'retell', calls: OthersCall[] = [CALL]): ForeignEvent[] {
  const random = createRandom(7);
  const form = { provider, secret: SECRET, nowMs: NOW_MS };
  return Array.from({ length: 300 }, () => drawForeignEvent(random, calls, form));
}

describe.each(['simulator', 'retell'] as const)('on the wire of %s', (provider) => {
  const readAs = ({ body, headers }: ForeignEvent) =>
    ADAPTERS[provider].readWebhook({
      ...{ method: 'POST', url: '', headers, rawBody: Buffer.from(body), receivedAtMs: NOW_MS },
    });

  it('says facts where the signature is right, and is forged where it is not', () => {
    for (const event of drawMany(provider)) {
      const isForged = event.kind === 'event with a wrong signature';
      expect([event.what, readAs(event).is]).toEqual([event.what, isForged ? 'forged' : 'facts']);
    }
  });

  it("names the other's call alone, its attempt alone, and both", () => {
    const named = drawMany(provider)
      .filter(({ kind }) => kind === "event of the other's call")
      .map(({ body }) => `${body.includes(CALL.callId)} ${body.includes(CALL.reference)}`);
    expect(new Set(named)).toEqual(new Set(['true true', 'true false', 'false true']));
  });
});

it("sends to the other's account what is signed with its own secret", () => {
  const sent = drawMany('simulator').filter(({ to }) => to === 'other');
  expect(sent.length).toBeGreaterThan(0);
  expect(new Set(sent.map(({ kind }) => kind))).toEqual(new Set(["event to the other's account"]));
});

it("speaks of nobody's call as long as the other has none", () => {
  const kinds = drawMany('retell', []).map(({ kind }) => kind);
  expect(new Set(kinds)).toEqual(new Set(["event of nobody's call", 'event with a wrong signature']));
});
