import type { Evidence, LedgerLine } from './evidence.js';
import { planChaos, SMALL } from './plan.js';
import { findUntried } from './report.js';

const PLAN = planChaos(1, SMALL);
const KILLS = { database: 1, temporal: 1, api: 1, worker: 1 };
const at = (receivedAtMs: number): LedgerLine => ({
  ...{ callId: 'call_1', reference: 'att_1', to: '+12025550101', answeredStatus: 201, endedAtMs: 1, outcome: 'BUSY' },
  receivedAtMs,
  webhooks: [],
});
const evidence = (lastMs: number): Evidence => ({
  rules: {
    ...{ phones: [], concurrencyLimit: 1, callsPerSecond: 1, retries: {} },
    closings: [{ fromMs: 0, untilMs: 60_000 }],
    pauses: [],
  },
  ...{ batchStatus: 'COMPLETED', recipients: [], attempts: [], ledger: [at(lastMs)] },
});

it('is content when every fault struck, every part was killed and calls went on after every closing', () => {
  expect(findUntried(PLAN, { faults: { 'webhook lost': 1 }, kills: KILLS }, evidence(60_000))).toEqual([]);
});

it('names the fault, the kill and the closing that proved nothing', () => {
  expect(findUntried(PLAN, { faults: { 'webhook lost': 0 }, kills: { ...KILLS, api: 0 } }, evidence(59_999))).toEqual([
    'Not tried: "webhook lost" struck 0 times; at least 1 are needed',
    'Not tried: api was killed 0 times; 1 are needed',
    'Not tried: nothing was left to call when calling was forbidden from 1970-01-01T00:00:00.000Z',
  ]);
});
