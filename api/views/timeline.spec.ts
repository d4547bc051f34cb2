import type { AuditRow } from '../../store/people/read-audit.js';
import type { AttemptRow } from '../../store/recipients/read-recipients.js';
import { toTimeline } from './timeline.js';

const ID = '019aab12-3c4d-7e5f-8a6b-000000000001';
const at = (second: number): Date => new Date(Date.UTC(2026, 11, 1, 9, 0, second));

function attemptRow(changes: Partial<AttemptRow>): AttemptRow {
  return {
    ...{
      id: ID,
      providerKind: 'simulator',
      number: 1,
      state: 'ENDED',
      outcome: null,
      endReason: null,
      byVerdict: false,
      spendsAttempt: true,
    },
    ...{ providerCallId: null, dialingAt: at(0), acceptedAt: null, endedAt: null, durationMs: null, successful: null },
    ...{ hangUpAskedAt: null, events: [], ...changes },
  };
}

function event(kind: string, second: number, outcome: string | null = null, endReason: string | null = null) {
  return {
    id: ID,
    kind,
    occurredAt: at(second).toISOString(),
    receivedAt: at(59).toISOString(),
    outcome,
    endReason,
    details: {},
  };
}

function asked(action: AuditRow['action'], second: number, detail: Record<string, unknown> = {}): AuditRow {
  return {
    ...{ id: ID, at: at(second), batchId: ID, attemptId: ID, actor: 'key_1', actorName: null, actorFrom: null, action },
    ...{ applied: true, targetKind: null, targetId: null, detail, before: null, after: null, cursorAt: '' },
  };
}

const read = (attempts: AttemptRow[], audit: AuditRow[] = []) =>
  toTimeline(attempts, audit).map(({ what, detail }) => (detail === null ? what : `${what} (${detail})`));

it('tells what we did, what the provider told and what people asked for, in the order in which it happened', () => {
  const events = [event('ENDED', 9, 'ANSWERED', 'hangup'), event('STARTED', 2), event('ANALYZED', 11)];
  const row = attemptRow({ acceptedAt: at(1), endedAt: at(9), outcome: 'ANSWERED', events });
  expect(read([row], [asked('hang up', 5)])).toEqual([
    'claimed',
    'accepted by the provider',
    'started',
    'hang up',
    'ended (ANSWERED: hangup)',
    'analysed',
  ]);
});

it.each([
  ['ENDED', { outcome: 'INVALID_NUMBER', endReason: 'bad number' }, 'ended (INVALID_NUMBER: bad number)'],
  ['RELEASED', { endReason: 'dial budget' }, 'released unsent (dial budget)'],
  ['NOT_PLACED', {}, 'proven absent'],
] as const)('tells how an attempt that is %s ended without a word from the provider', (state, changes, end) => {
  expect(read([attemptRow({ state, endedAt: at(3), ...changes })])).toEqual(['claimed', end]);
});

it('tells every attempt, and a verdict with its outcome', () => {
  const first = attemptRow({ state: 'RELEASED', endedAt: at(1) });
  const second = attemptRow({ dialingAt: at(4), endedAt: at(20), byVerdict: true, outcome: 'BUSY' });
  const verdict = asked('verdict', 19, { verdict: 'CALLED', outcome: 'BUSY' });
  expect(read([first, second], [verdict])).toEqual([
    'claimed',
    'released unsent',
    'claimed',
    'verdict (CALLED, BUSY)',
    'ended (BUSY)',
  ]);
});
