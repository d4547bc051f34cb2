import { signBody } from '../../../carrier/webhooks/sign-body.js';
import { WEBHOOK_FORMS } from '../../../carrier/webhooks/webhook-form.js';
import { REFERENCE_KEY } from '../../../carrier/retell/retell-wire.js';
import type { ProviderKind } from '../provider.js';
import type { Random } from '../random.js';
import type { DeedKind } from './deed.js';

/** A call of the other workspace. */
export type OthersCall = { callId: string; reference: string; from: string; to: string };

/** An event to be posted. `to`: whose account it is sent to. */
export type ForeignEvent = {
  kind: DeedKind & `event ${string}`;
  what: string;
  to: 'own' | 'other';
  headers: Record<string, string>;
  body: string;
};

type Event = 'call_started' | 'call_ended' | 'call_analyzed';
type Form = { provider: ProviderKind; secret: string; nowMs: number };

const EVENTS: readonly Event[] = ['call_started', 'call_ended', 'call_ended', 'call_ended', 'call_analyzed'];
/** Ends that settle a recipient for good, free its slot, call it again, or pause its batch. */
const END_REASONS: Record<ProviderKind, readonly string[]> = {
  simulator: ['invalid_destination', 'user_hangup', 'dial_busy', 'destination_unreachable'],
  retell: ['invalid_destination', 'user_hangup', 'dial_busy', 'no_valid_payment', 'concurrency_limit_reached'],
};
const SIGNATURES = ['right', 'right', 'right', 'missing', 'wrong'] as const;
/** What an event names of a call of the other workspace. */
const NAMES = ['call and attempt', 'call', 'attempt'] as const;

/** An event about a call that is not the neighbour's: of the other workspace, or of nobody. */
export function drawForeignEvent(
  random: Random,
  calls: readonly OthersCall[],
  { provider, secret, nowMs }: Form,
): ForeignEvent {
  const nobodys = `call_nobody_${random.between(1, 1_000_000_000)}`;
  const isOthers = calls.length > 0 && random.share() < 0.75;
  const other = isOthers ? random.pick(calls) : null;
  const named = random.pick(NAMES);
  const names: Partial<OthersCall> & { callId: string } = {
    callId: other && named !== 'attempt' ? other.callId : nobodys,
    ...(other && named !== 'call' && { reference: other.reference }),
    ...(other && { from: other.from, to: other.to }),
  };
  const event = random.pick(EVENTS);
  const reason = random.pick(END_REASONS[provider]);
  const body = JSON.stringify({ event, call: callOf(provider, { event, reason, names, nowMs }) });
  const signature = random.pick(SIGNATURES);
  const to = other && signature === 'right' && random.share() < 0.2 ? 'other' : 'own';
  const signed = signBody(body, signature === 'wrong' ? `${secret}-wrong` : secret, nowMs);
  return {
    kind: kindOf({ to, signature, isOthers }),
    what: `${event}, ${reason}, ${other ? `with the other's ${named}` : 'of nobody'}, signature ${signature}`,
    ...{ to, body },
    headers: {
      'content-type': 'application/json',
      ...(signature !== 'missing' && { [WEBHOOK_FORMS[provider].signatureHeader]: signed }),
    },
  };
}

function kindOf(event: { to: 'own' | 'other'; signature: string; isOthers: boolean }): ForeignEvent['kind'] {
  if (event.to === 'other') return "event to the other's account";
  if (event.signature !== 'right') return 'event with a wrong signature';
  return event.isOthers ? "event of the other's call" : "event of nobody's call";
}

type Told = { event: Event; reason: string; names: Partial<OthersCall> & { callId: string }; nowMs: number };

/** As the wire words a call to which this just happened. */
function callOf(provider: ProviderKind, { event, reason, names, nowMs }: Told): Record<string, unknown> {
  const { callId, reference, from = '+12025550100', to = '+12025550123' } = names;
  const wasAnswered = event === 'call_started' || reason === 'user_hangup';
  const hasEnded = event !== 'call_started';
  if (provider === 'retell')
    return {
      ...{ call_id: callId, call_type: 'phone_call', direction: 'outbound', agent_id: 'agent_appointments' },
      ...{
        agent_version: 0,
        from_number: from,
        to_number: to,
        metadata: reference ? { [REFERENCE_KEY]: reference } : {},
      },
      call_status: hasEnded ? (wasAnswered ? 'ended' : 'not_connected') : 'ongoing',
      ...(wasAnswered && { start_timestamp: nowMs }),
      ...(hasEnded && { end_timestamp: nowMs, disconnection_reason: reason, duration_ms: 0 }),
      ...(event === 'call_analyzed' && { call_analysis: { call_successful: true, in_voicemail: false } }),
    };
  return {
    ...{ call_id: callId, from, to, metadata: {}, accepted_at: nowMs, ...(reference && { reference }) },
    status: hasEnded ? (wasAnswered ? 'ended' : 'not_connected') : 'ongoing',
    ...(wasAnswered && { started_at: nowMs }),
    ...(hasEnded && { ended_at: nowMs, duration_ms: 0, end_reason: reason }),
    ...(event === 'call_analyzed' && { analyzed_at: nowMs, analysis: { successful: true, summary: 'A lie.' } }),
  };
}
