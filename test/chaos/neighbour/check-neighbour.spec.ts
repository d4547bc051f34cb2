import type { AttemptRow, LedgerLine, RecipientRow } from '../evidence.js';
import { checkNeighbour } from './check-neighbour.js';
import type { Deed, NeighbourEvidence, OwnBatch } from './deed.js';

const NOON = Date.UTC(2026, 8, 1, 12);
const PHONE = '+12025550101';
const call = (overrides: Partial<LedgerLine> = {}): LedgerLine => ({
  ...{ callId: 'call_1', reference: 'att_1', to: PHONE, answeredStatus: 201 },
  ...{ receivedAtMs: NOON, endedAtMs: NOON + 900, outcome: 'ANSWERED', webhooks: [] },
  ...overrides,
});
const ATTEMPT: AttemptRow = {
  ...{ id: 'att_1', recipientId: 'rcp_1', number: 1, state: 'ENDED', outcome: 'ANSWERED' },
  ...{ spendsAttempt: true, slotHeld: false, dialingAtMs: NOON - 5 },
};
const RECIPIENT: RecipientRow = { id: 'rcp_1', phone: PHONE, state: 'COMPLETED', attemptsSpent: 1 };
const batch = (overrides: Partial<OwnBatch> = {}): OwnBatch => ({
  ...{ batchId: 'bat_1', status: 'COMPLETED', recipients: [RECIPIENT], attempts: [ATTEMPT] },
  ...overrides,
});
const deed = (overrides: Partial<Deed> = {}): Deed => ({
  ...{ kind: 'search', what: 'a name', askedMs: NOON, answeredMs: NOON + 50 },
  ...{ status: 200, code: null, saysWhen: false },
  ...overrides,
});
const evidence = (overrides: Partial<NeighbourEvidence> = {}): NeighbourEvidence => ({
  ...{ deeds: [deed()], kills: [], phones: [PHONE], sharedPhones: [PHONE], concurrencyLimit: 1 },
  ...{ batches: [batch()], ledger: [call()], foreignEventsKept: 0 },
  ...overrides,
});
const DOWN = { fromMs: NOON + 20, untilMs: NOON + 1_000 };

it('is content with answers, refusals and calls as they are promised', () => {
  expect(checkNeighbour(evidence())).toEqual([]);
});

it.each<[string, Partial<NeighbourEvidence>, string]>([
  ['was called twice for one attempt', { ledger: [call(), call({ callId: 'call_2' })] }, 'Called twice'],
  ['was left behind', { batches: [batch({ status: 'RUNNING' })] }, 'left RUNNING'],
  ['was lost', { batches: [batch({ recipients: [] })] }, 'Lost'],
  ['holds a slot', { batches: [batch({ attempts: [{ ...ATTEMPT, slotHeld: true }] })] }, 'Slot leaked'],
  ['counts for another account', { foreignEventsKept: 2 }, 'Foreign evidence: 2 events'],
])('names what %s', (_, overrides, problem) => {
  const problems = checkNeighbour(evidence(overrides));
  expect(problems.some((told) => told.startsWith('Neighbour: ') && told.includes(problem))).toBe(true);
});

it.each<[string, Partial<Deed>, string | null]>([
  ['a search that is refused for now', { status: 429, code: 'too_many_at_once', saysWhen: true }, null],
  ['a 503 that says when', { status: 503, code: 'too_many_lists', saysWhen: true }, null],
  ['a 503 that does not', { status: 503, code: 'database_unavailable' }, 'Not answered while all parts were up'],
  ['a 500', { status: 500, code: 'internal_error' }, 'Not answered while all parts were up'],
  ['no answer', { status: null }, 'Not answered while all parts were up'],
  ['a search that is refused for good', { status: 404, code: 'not_found' }, 'Refused: search'],
  ['an event that is forged and taken', { kind: 'event with a wrong signature', status: 204 }, 'Taken: event with'],
  ['a request about the other that is taken', { kind: 'request about the other workspace' }, 'Taken: request about'],
  ['a worst body that is refused', { kind: 'worst body', status: 422, code: 'validation_failed' }, null],
  ['an upload that it left itself', { kind: 'upload abandoned', status: null }, null],
])('judges %s', (_, overrides, problem) => {
  const problems = checkNeighbour(evidence({ deeds: [deed(overrides)] }));
  if (problem === null) expect(problems).toEqual([]);
  else expect(problems).toEqual([expect.stringContaining(problem)]);
});

it.each<[string, number, boolean]>([
  ['while a part was down', 0, true],
  ['just after it answered again', DOWN.untilMs - NOON + 9_000, true],
  ['long after', DOWN.untilMs - NOON + 11_000, false],
])('takes no answer for granted that was asked for %s', (_, afterMs, isAllowed) => {
  const lost = deed({ status: null, askedMs: NOON + afterMs, answeredMs: NOON + afterMs + 50 });
  expect(checkNeighbour(evidence({ deeds: [lost], kills: [DOWN] }))).toHaveLength(isAllowed ? 0 : 1);
});

it('lets no kill excuse what was taken and should not have been', () => {
  const taken = deed({ kind: 'event with a wrong signature', status: 204 });
  expect(checkNeighbour(evidence({ deeds: [taken], kills: [DOWN] }))).toHaveLength(1);
});
