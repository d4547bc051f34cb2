import type { LedgerLine } from '../evidence.js';
import { findUntriedPairs, tableOfPairs } from './report-operations.js';
import type { KeyChange, OperationsEvidence, Pair, SideBatch } from './story.js';

const LIVE: LedgerLine = {
  ...{ callId: 'call_1', reference: 'att_1', to: '+12025550101', receivedAtMs: 0, answeredStatus: 201 },
  ...{ endedAtMs: 10_000, outcome: 'ANSWERED', webhooks: [] },
};
const side = (pair: Pair, overrides: Partial<SideBatch> = {}): SideBatch => ({
  ...{
    pair,
    batchId: 'bat_1',
    phones: [],
    ended: 'taken',
    isConcurrent: true,
    isForbidden: true,
    kills: 1,
    retryPolicy: {},
  },
  ...{ retriesGranted: 0, lastRetryMs: null, forbidden: [], answers: [], keyChange: null },
  ...{ status: 'COMPLETED', recipients: [], attempts: [] },
  ...overrides,
});
const ofKey = (account: 'same' | 'other', overrides: Partial<SideBatch> = {}): SideBatch => {
  const keyChange: KeyChange = { account, inDoubt: 1, askedMs: 1, answeredMs: 2, status: 200, code: null };
  return side('key change with settle', { keyChange, isForbidden: false, ...overrides });
};
const OTHERS: Pair[] = ['edit with submit', 'retry with cancel', 'rule packs with create'];
const evidence = (sides: SideBatch[]): OperationsEvidence => ({
  main: {
    rules: { phones: [], concurrencyLimit: 1, callsPerSecond: 1, retries: {}, closings: [], pauses: [] },
    ...{ batchStatus: 'COMPLETED', ledger: [], recipients: [], attempts: [] },
  },
  ledger: [LIVE],
  sides,
});
const TRIED = { roundsMin: 2, isNightSomewhere: true };
const KEYS = [ofKey('same'), ofKey('other')];
const twice = (pairs: Pair[], overrides: Partial<SideBatch> = {}): SideBatch[] =>
  pairs.flatMap((pair) => [side(pair, overrides), side(pair, overrides)]);

it('is content when every pair was at the same time often enough, and something was forbidden after it', () => {
  expect(findUntriedPairs(evidence([...twice(OTHERS), ...KEYS]), TRIED)).toEqual([]);
});

it('names the pair that never met, and the one after which nothing was forbidden', () => {
  const apart = twice(['edit with submit'], { isConcurrent: false });
  const harmless = twice(['retry with cancel'], { isForbidden: false });
  const rest = [...twice(['rule packs with create']), ...KEYS];
  expect(findUntriedPairs(evidence([...apart, ...harmless, ...rest]), TRIED)).toEqual([
    'Not tried: "edit with submit" was at the same time 0 times; 2 are needed',
    'Not tried: nothing was forbidden after "edit with submit"',
    'Not tried: nothing was forbidden after "retry with cancel"',
  ]);
});

it('names the key that was not sent while a call was open', () => {
  const late = { askedMs: 1, answeredMs: 10_000, status: 200, code: null, inDoubt: 1 };
  const keys = [ofKey('same', { keyChange: { ...late, account: 'same' } }), ofKey('same'), ofKey('same')];
  expect(findUntriedPairs(evidence([...twice(OTHERS), ...keys]), TRIED)).toEqual([
    'Not tried: no key of another account was sent while a call was open',
  ]);
});

it('does not ask for rule packs when it is night nowhere, and says that they proved nothing', () => {
  const seen = evidence([...twice(['edit with submit', 'retry with cancel']), ...KEYS]);
  expect(findUntriedPairs(seen, { ...TRIED, isNightSomewhere: false })).toEqual([]);
  expect(tableOfPairs(seen, { ...TRIED, isNightSomewhere: false })).toContainEqual([
    'rule packs with create',
    'proved nothing: it is night nowhere in the United States',
  ]);
});

it('tells how often a pair was tried, and what it came to', () => {
  expect(tableOfPairs(evidence(twice(['edit with submit'])), TRIED).slice(0, 2)).toEqual([
    ['edit with submit', '2 times, 2 of them at the same time, 2 while parts were killed'],
    ['  2 times', 'taken'],
  ]);
});
