import { draw, exponential, pickByWeight } from './draw.js';
import type { EndReason } from './end-reasons.js';
import type { DrawnOutcome, Faults, SimulatorSettings } from './settings.js';

/** How one call goes, in simulated milliseconds. `talkMs` is null when nobody and nothing answers. */
export type CallPlan = {
  setupMs: number;
  ringMs: number;
  talkMs: number | null;
  endReason: EndReason;
  /** What Retell's wire says in place of the end reason, when the number's settings say so. */
  disconnectionReason?: string;
  successful: boolean;
};

export type CallKey = {
  to: string;
  /** How many calls to this number were accepted before: refusals do not count, so that they change no outcome. */
  ordinal: number;
};

export type ShareFault = { [name in keyof Faults]: name extends `${string}Ms` ? never : name }[keyof Faults];

const DRAWN_END_REASONS: Record<DrawnOutcome, readonly EndReason[]> = {
  ANSWERED: ['user_hangup', 'agent_hangup'],
  VOICEMAIL: ['voicemail_reached'],
  NO_ANSWER: ['dial_no_answer'],
  BUSY: ['dial_busy'],
  DECLINED: ['user_declined'],
  INVALID_NUMBER: ['invalid_destination'],
  UNREACHABLE: ['destination_unreachable'],
  PROVIDER_ERROR: ['carrier_error'],
  AGENT_ERROR: ['agent_error'],
};
/** These fail before a phone rings. */
const NEVER_RINGS: readonly DrawnOutcome[] = ['BUSY', 'INVALID_NUMBER', 'UNREACHABLE', 'PROVIDER_ERROR'];
const IS_CONNECTED: readonly DrawnOutcome[] = ['ANSWERED', 'VOICEMAIL', 'AGENT_ERROR'];

/** Depends on the settings and the key alone: neither on time nor on what else was called. */
export function planCall(
  settings: SimulatorSettings,
  key: CallKey,
  limits: { ringLimitMs: number; callLengthMaxMs: number },
): CallPlan {
  const own = settings.numbers[key.to];
  const outcome = own?.outcome ?? pickByWeight(drawFor(settings, 'outcome', key), settings.outcomes);
  const ringMs = plannedRingMs(settings, key, outcome);
  const setupMs = strikes(settings, 'webhookEarly', key) ? 0 : settings.setupMs;
  const plan = {
    setupMs,
    ringMs: Math.min(ringMs, limits.ringLimitMs),
    successful: false,
    ...(own?.disconnectionReason !== undefined && { disconnectionReason: own.disconnectionReason }),
  };
  const isConnected = IS_CONNECTED.includes(outcome);
  if (isConnected && ringMs > limits.ringLimitMs) return { ...plan, talkMs: null, endReason: 'dial_no_answer' };
  const reasons = DRAWN_END_REASONS[outcome];
  const endReason = reasons[Math.floor(drawFor(settings, 'end reason', key) * reasons.length)] as EndReason; // a draw is below 1, so the index exists
  if (!isConnected) return { ...plan, talkMs: null, endReason };
  const talkMs = Math.round(own?.callLengthMs ?? drawnCallLengthMs(settings, key));
  const successful = outcome === 'ANSWERED' && drawFor(settings, 'successful', key) < settings.successShare;
  const isCut = talkMs > limits.callLengthMaxMs;
  return {
    ...plan,
    successful,
    talkMs: Math.min(talkMs, limits.callLengthMaxMs),
    endReason: isCut && outcome === 'ANSWERED' ? 'max_duration_reached' : endReason,
  };
}

/**
 * Whether a fault strikes. `detail` tells apart what can happen more than once to one call (an event, the refusals so
 * far): without it, a refused number would be refused for ever.
 */
export function strikes(
  settings: SimulatorSettings,
  fault: ShareFault,
  { to, ordinal, detail = '' }: CallKey & { detail?: string | number },
): boolean {
  const share = faultsFor(settings, to)[fault];
  return share > 0 && draw(settings.seed, fault, to, ordinal, detail) < share;
}

export function faultsFor(settings: SimulatorSettings, to: string): Faults {
  const own = settings.numbers[to]?.faults;
  return own ? ({ ...settings.faults, ...own } as Faults) : settings.faults; // the spread of a partial adds undefined to the type, never to the value
}

function plannedRingMs(settings: SimulatorSettings, key: CallKey, outcome: DrawnOutcome): number {
  if (strikes(settings, 'webhookEarly', key) || NEVER_RINGS.includes(outcome)) return 0;
  const own = settings.numbers[key.to]?.ringMs;
  if (own !== undefined) return own;
  if (outcome === 'NO_ANSWER') return settings.noAnswerRingMs;
  const { min, max } = settings.ringMs;
  return Math.round(min + drawFor(settings, 'ring', key) * (max - min));
}

function drawnCallLengthMs({ callLength, ...settings }: SimulatorSettings, key: CallKey): number {
  return callLength.is === 'fixed'
    ? callLength.ms
    : exponential(draw(settings.seed, 'call length', key.to, key.ordinal), callLength.meanMs);
}

function drawFor(settings: SimulatorSettings, what: string, key: CallKey): number {
  return draw(settings.seed, what, key.to, key.ordinal);
}
