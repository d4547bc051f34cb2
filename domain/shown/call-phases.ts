import type { AttemptState } from '../calls/attempt-state.js';
import type { Outcome } from '../calls/outcomes.js';

/** What the phases are made of: an attempt as the API tells it. */
export type PhasesTold = {
  state: AttemptState;
  outcome: Outcome | null;
  dialingAt: string;
  acceptedAt: string | null;
  answeredAt: string | null;
  endedAt: string | null;
  durationMs: number | null;
  events: readonly { kind: 'STARTED' | 'ENDED' | 'ANALYZED'; occurredAt: string; receivedAt: string }[];
};

export type PhaseName = 'claimed' | 'sent' | 'accepted' | 'ringing' | 'talking' | 'ended' | 'received' | 'analysed';

/**
 * `span` lasted from one time to another, `instant` is one time. `goesOn` has begun and no end yet. `notReported`: it must have
 * been, and the provider did not say when. `unknown`: nobody knows whether it was.
 */
export type Phase = { name: PhaseName; label: string } & (
  | { is: 'span'; fromMs: number; untilMs: number }
  | { is: 'instant'; atMs: number }
  | { is: 'goesOn'; fromMs: number }
  | { is: 'unknown'; fromMs: number }
  | { is: 'notReported' }
);

const PHASE_LABELS: Record<PhaseName, string> = {
  claimed: 'Claimed',
  sent: 'Sent',
  accepted: 'Accepted',
  ringing: 'Ringing',
  talking: 'Talking',
  ended: 'Ended',
  received: 'Result received',
  analysed: 'Analysed',
};

const PICKED_UP: readonly Outcome[] = ['ANSWERED', 'VOICEMAIL', 'AGENT_ERROR'];
const NEVER_MADE: readonly AttemptState[] = ['RELEASED', 'NOT_PLACED'];

/** What an attempt went through, in order. Phases that it cannot have had, as talking without a pick-up, are left out. */
export function phasesOf(call: PhasesTold): Phase[] {
  const [claimed, accepted] = [ms(call.dialingAt), ms(call.acceptedAt)];
  const start: Phase[] = [labelled('claimed', { is: 'instant', atMs: claimed ?? 0 })];
  if (call.state === 'RELEASED') return start;
  start.push(labelled('sent', between(call, claimed, accepted)));
  if (accepted === null && call.state !== 'ENDED') return start;
  start.push(labelled('accepted', accepted === null ? { is: 'notReported' } : { is: 'instant', atMs: accepted }));
  return NEVER_MADE.includes(call.state) ? start : [...start, ...callPhases(call, accepted)];
}

/** When what is shown begins and ends; `nowMs` is the end of what goes on. */
export function axisOf(phases: readonly Phase[], nowMs: number): { fromMs: number; untilMs: number } {
  const times = phases.flatMap((phase) => {
    if (phase.is === 'notReported') return [];
    if (phase.is === 'instant') return [phase.atMs];
    if (phase.is === 'span') return [phase.fromMs, phase.untilMs];
    return phase.is === 'goesOn' ? [phase.fromMs, nowMs] : [phase.fromMs];
  });
  const fromMs = Math.min(...times);
  return { fromMs, untilMs: Math.max(fromMs + 1, ...times) };
}

function callPhases(call: PhasesTold, accepted: number | null): Phase[] {
  const [answered, ended] = [ms(call.answeredAt), ms(call.endedAt)];
  const wasPickedUp =
    answered !== null || (call.durationMs ?? 0) > 0 || (call.outcome !== null && PICKED_UP.includes(call.outcome));
  const phases: Phase[] = [labelled('ringing', between(call, accepted, wasPickedUp ? answered : ended))];
  if (wasPickedUp) phases.push(labelled('talking', between(call, answered, ended)));
  if (ended === null) return phases;
  const told = call.events.find(({ kind }) => kind === 'ENDED');
  phases.push(labelled('ended', { is: 'instant', atMs: ended }));
  phases.push(labelled('received', between(call, ended, ms(told?.receivedAt ?? null))));
  const analysed = call.events.find(({ kind }) => kind === 'ANALYZED');
  if (wasPickedUp || analysed)
    phases.push(labelled('analysed', between(call, ended, ms(analysed?.occurredAt ?? null))));
  return phases;
}

type Lasting = Phase extends infer Each ? (Each extends Phase ? Omit<Each, 'name' | 'label'> : never) : never;

/** Clocks of two machines may differ: nothing ends before it began. */
function between({ state }: PhasesTold, fromMs: number | null, untilMs: number | null): Lasting {
  if (fromMs === null) return { is: 'notReported' };
  if (untilMs !== null) return { is: 'span', fromMs, untilMs: Math.max(fromMs, untilMs) };
  if (state === 'DIALING' || state === 'IN_PROGRESS') return { is: 'goesOn', fromMs };
  return state === 'UNCERTAIN' ? { is: 'unknown', fromMs } : { is: 'notReported' };
}

function labelled(name: PhaseName, lasting: Lasting): Phase {
  return { name, label: PHASE_LABELS[name], ...lasting } as Phase; // a union spread keeps its members
}

function ms(at: string | null): number | null {
  return at === null ? null : Date.parse(at);
}
