import { createRandom, type Random } from './random.js';
import type { Span } from './evidence.js';

export const PARTS = ['database', 'temporal', 'api', 'worker'] as const;
export type Part = (typeof PARTS)[number];

/** What one run asks for. Shares and instants follow from the seed. */
export type Profile = {
  recipients: number;
  concurrencyLimit: number;
  callsPerSecond: number;
  /** Kills of each kind, and of any kind on top. */
  killsOfEach: number;
  killsMore: number;
  /** Multiplies the shares of all faults: a short run needs more of them. */
  faultFactor: number;
  /** `at-first`: opens at a full minute soon after the start. `midway`: closes while calls are made, and opens again. */
  closed: 'at-first' | 'midway';
  timeLimitMs: number;
};

export const FULL: Profile = {
  recipients: 2_000,
  concurrencyLimit: 40,
  callsPerSecond: 20,
  killsOfEach: 3,
  killsMore: 2,
  faultFactor: 1,
  closed: 'midway',
  timeLimitMs: 900_000,
};
/** For CI: seconds instead of minutes. */
export const SMALL: Profile = {
  recipients: 150,
  concurrencyLimit: 16,
  callsPerSecond: 12,
  killsOfEach: 1,
  killsMore: 1,
  faultFactor: 2,
  closed: 'at-first',
  timeLimitMs: 240_000,
};

/** Parts that are killed together when so many calls were accepted, and start again after `downMs`. */
export type Kill = { atCalls: number; delayMs: number; parts: Part[]; downMs: number };

export type Plan = {
  profile: Profile;
  phones: string[];
  /** What the carrier always does to calls to one number: faults that leave no trace in its ledger. */
  numberFaults: Map<string, NumberFaults>;
  faults: Record<string, number>;
  kills: Kill[];
  /** While the window is closed, so long after it closed. */
  closedKill: Kill;
  pause: { atCalls: number; lengthMs: number };
  closing: { openMs: number; minutes: number };
  /** Of each fault, at least. */
  struckMin: number;
  killsMin: number;
};

export type NumberFaults = Partial<Record<(typeof NUMBER_FAULTS)[number] | `${string}Ms`, number>>;

const NUMBER_FAULTS = ['slowAnswer', 'answerUnreadable', 'webhookEarly', 'webhookDuplicate'] as const;
const FIRST_NUMBER = 12_122_200_000;
const MINUTE_MS = 60_000;
/** Two recipients with one number must not be in a call at the same time. */
const REPEATED_SHARE = 0.02;
const RECIPIENTS_PER_STRIKE = 200;

/** A 429 stops its from-number for two seconds or more: they are few, so that a run ends. */
const FAULT_SHARES = {
  dropBeforeAccept: 0.03,
  answer429: 0.009,
  answer500: 0.03,
  dropAfterAccept: 0.03,
  answer500AfterAccept: 0.03,
  webhookLoss: 0.04,
  webhookReorder: 0.05,
  webhookForged: 0.05,
};
/** Listed a little late, but within the settle delay that the account declares. */
const HIDDEN_MS = 300;

export function planChaos(seed: number, profile: Profile): Plan {
  const random = createRandom(seed);
  const phones = planPhones(random, profile.recipients);
  const kills = planKills(random, profile);
  return {
    profile,
    phones,
    numberFaults: new Map([...new Set(phones)].map((phone) => [phone, planNumber(random, profile.faultFactor)])),
    faults: {
      ...Object.fromEntries(Object.entries(FAULT_SHARES).map(([name, share]) => [name, share * profile.faultFactor])),
      hideFromLookUpMs: HIDDEN_MS,
    },
    kills,
    closedKill: { atCalls: 0, delayMs: random.between(1_000, 5_000), parts: [random.pick(PARTS)], downMs: 1_000 },
    pause: {
      atCalls: Math.round(profile.recipients * (0.3 + random.share() * 0.3)),
      lengthMs: random.between(3_000, 6_000),
    },
    closing: { openMs: random.between(40_000, 75_000), minutes: random.between(1, 2) },
    struckMin: Math.max(1, Math.floor(profile.recipients / RECIPIENTS_PER_STRIKE)),
    killsMin: PARTS.length * profile.killsOfEach,
  };
}

/** When the window is closed, for a batch that is submitted now. Windows have the precision of a minute. */
export function planClosing({ profile, closing }: Plan, nowMs: number): Span {
  const fullMinuteFrom = (ms: number): number => Math.ceil(ms / MINUTE_MS) * MINUTE_MS;
  if (profile.closed === 'at-first')
    return { fromMs: fullMinuteFrom(nowMs) - MINUTE_MS, untilMs: fullMinuteFrom(nowMs + 10_000) };
  const fromMs = fullMinuteFrom(nowMs + closing.openMs);
  return { fromMs, untilMs: fromMs + closing.minutes * MINUTE_MS };
}

/** The window of a day in UTC without these minutes, the same on every day. */
export function rangesWithout(closing: Span): [string, string][] {
  const [closes, opens] = [clockOf(closing.fromMs), clockOf(closing.untilMs)];
  if (closes > opens) return [[opens, closes === '00:00' ? '24:00' : closes]];
  const ranges: [string, string][] = [
    ['00:00', closes],
    [opens, '24:00'],
  ];
  return ranges.filter(([start, end]) => start !== end);
}

function clockOf(ms: number): string {
  return new Date(ms).toISOString().slice(11, 16);
}

function planPhones(random: Random, recipients: number): string[] {
  const distinct = Math.ceil(recipients * (1 - REPEATED_SHARE));
  const phones = Array.from({ length: distinct }, (_, index) => `+${FIRST_NUMBER + index}`);
  const repeated = Array.from({ length: recipients - distinct }, () => random.pick(phones));
  return random.shuffle([...phones, ...repeated]);
}

function planNumber(random: Random, factor: number): NumberFaults {
  const strikes = (share: number): boolean => random.share() < share * factor;
  const faults: NumberFaults = {};
  for (const name of NUMBER_FAULTS) if (strikes(0.04)) faults[name] = 1;
  // Half of the late answers come after the request time-out.
  if (faults.slowAnswer) faults['slowAnswerMs'] = random.pick([700, 2_600]);
  if (strikes(0.04)) faults['webhookDelayMs'] = random.between(1_500, 4_000);
  return faults;
}

/** Spread over the batch, so that the last comes while there is a good part of it left. */
function planKills(random: Random, { recipients, killsOfEach, killsMore }: Profile): Kill[] {
  const each = PARTS.flatMap((part) => Array.from({ length: killsOfEach }, () => part));
  const parts = random.shuffle([...each, ...Array.from({ length: killsMore }, () => random.pick(PARTS))]);
  return parts.map((part, index) => {
    const share = 0.04 + (0.8 * (index + random.share() * 0.8)) / parts.length;
    const isTogether = random.share() < 0.15;
    const other = random.pick(PARTS.filter((candidate) => candidate !== part));
    return {
      atCalls: Math.round(recipients * share),
      delayMs: random.between(0, 700),
      parts: isTogether ? [part, other] : [part],
      downMs: random.between(100, 2_500),
    };
  });
}
