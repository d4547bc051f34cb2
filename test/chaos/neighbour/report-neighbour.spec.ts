import type { LedgerLine } from '../evidence.js';
import { DEED_KINDS, WANTED, type Deed, type DeedKind, type NeighbourEvidence } from './deed.js';
import { findUntriedDeeds, tableOfNeighbour } from './report-neighbour.js';

const PHONE = '+12025550101';
const CALL: LedgerLine = {
  ...{ callId: 'call_1', reference: 'att_1', to: PHONE, answeredStatus: 201, receivedAtMs: 0, endedAtMs: 900 },
  ...{ outcome: 'ANSWERED', webhooks: [] },
};
const STATUS_OF = { taken: 200, refused: 404, nothing: null };
const deed = (kind: DeedKind, overrides: Partial<Deed> = {}): Deed => ({
  ...{ kind, what: '', askedMs: 0, answeredMs: 50, status: STATUS_OF[WANTED[kind]], code: null, saysWhen: false },
  ...overrides,
});
const EACH = DEED_KINDS.map((kind) => deed(kind));
const evidence = (deeds: Deed[], overrides: Partial<NeighbourEvidence> = {}): NeighbourEvidence => ({
  ...{ deeds, kills: [], phones: [PHONE], sharedPhones: [PHONE], concurrencyLimit: 1 },
  ...{ batches: [], ledger: [CALL], foreignEventsKept: 0 },
  ...overrides,
});

it('is content when each thing was answered once as it should be, and a number of the other was called', () => {
  expect(findUntriedDeeds(evidence(EACH))).toEqual([]);
});

it.each(DEED_KINDS)('names "%s" when it was never done', (kind) => {
  expect(findUntriedDeeds(evidence(EACH.filter((one) => one.kind !== kind)))).toEqual([
    `Not tried: no "${kind}" of the neighbour was answered as it should be`,
  ]);
});

it('counts neither a refusal for now nor a request that got no answer', () => {
  const others = EACH.filter(({ kind }) => kind !== 'search' && kind !== 'worst body');
  const busy = [deed('search', { status: 429 }), deed('worst body', { status: 429 }), deed('search', { status: null })];
  expect(findUntriedDeeds(evidence([...others, ...busy]))).toHaveLength(2);
});

it('says when it called none of the numbers of the other', () => {
  expect(findUntriedDeeds(evidence(EACH, { sharedPhones: [] }))).toEqual([
    'Not tried: the neighbour called no number of the other workspace',
  ]);
});

it('tells how often each thing was answered, refused and lost', () => {
  const searches = [
    ...[deed('search'), deed('search'), deed('search', { status: 429, code: 'too_many_at_once', saysWhen: true })],
    ...[deed('search', { status: null }), deed('search', { status: 500, askedMs: 90_000, answeredMs: 90_001 })],
    deed('search', { status: 503, code: 'too_many_lists', saysWhen: true }),
  ];
  const table = tableOfNeighbour(evidence(searches, { kills: [{ fromMs: 0, untilMs: 100 }] }));
  expect(table).toContainEqual(['neighbour', '0 batches, 1 calls, 1 to numbers of the other']);
  expect(table).toContainEqual(['  503 with Retry-After', '1']);
  expect(table).toContainEqual([
    '  search',
    '2 times, 1 refused 429 too_many_at_once, 1 refused 503 too_many_lists, 1 without while a part was down, 1 wrong',
  ]);
});
