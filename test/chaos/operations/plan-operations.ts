import { RETRIES } from '../retries.js';
import type { Rules } from '../evidence.js';
import type { Profile } from '../plan.js';
import { createRandom, type Random } from '../random.js';

/** When so many calls were accepted. Ends: digits at the end of the numbers that the round calls. */
type Round = { atCalls: number; offsetMs: number; holdMs: number; ends: string[] };
export type EditRound = Round & { edit: 'blackout dates' | 'window' | 'time zone' };
export type RetryRound = Round & { startsAs: 'completed' | 'cancelled'; retryPolicy: Rules['retries'] };
export type KeyRound = Round & { account: 'same' | 'other' };
export type PacksRound = Round & { packs: 'on' | 'off' };

export type OperationsPlan = {
  /** Of each pair, rounds that must have been at the same time. */
  roundsMin: number;
  edits: EditRound[];
  retries: RetryRound[];
  keys: KeyRound[];
  packs: PacksRound[];
};

/** How much later the second request of a pair is sent at most. */
export const OFFSET_MAX_MS = 30;
/** Now and then one request is answered before the other is sent. */
const ROUNDS_MORE = 2;
const RECIPIENTS = 4;
/** One more has a long call, which is open all the while. */
const KEY_RECIPIENTS = 5;
/** Rounds begin while the main batch has still something to call. */
const LAST_SHARE = 0.6;
const SMALL_RECIPIENTS_MAX = 500;

/** Rounds and their order follow from the seed; so does which request is sent first, as often one as the other. */
export function planOperations(seed: number, profile: Profile): OperationsPlan {
  const random = createRandom(seed ^ 0x0be7a7e);
  const roundsMin = profile.recipients <= SMALL_RECIPIENTS_MAX ? 2 : 6;
  const nextEnd = counter();
  const rounds = <T>(recipients: number, kinds: readonly T[]): (Round & { kind: T })[] => {
    const planned = roundsMin + ROUNDS_MORE;
    const kindOf = inTurn(random, kinds);
    const isFirstLater = random.share() < 0.5;
    return Array.from({ length: planned }, (_, index) => ({
      atCalls: Math.round((profile.recipients * LAST_SHARE * index) / planned),
      offsetMs: planOffset(random) * (isFirstLater === isOfEvenPair(index) ? 1 : -1),
      holdMs: random.between(2_000, 4_000),
      ends: Array.from({ length: recipients }, nextEnd),
      kind: kindOf(index),
    }));
  };
  return {
    roundsMin,
    edits: rounds(RECIPIENTS, ['blackout dates', 'window', 'time zone'] as const).map(({ kind, ...round }) => ({
      ...round,
      edit: kind,
    })),
    retries: rounds(RECIPIENTS, ['completed', 'cancelled'] as const).map(({ kind, ...round }) => ({
      ...round,
      startsAs: kind,
      retryPolicy: random.share() < 0.4 ? RETRIES : {},
    })),
    keys: rounds(KEY_RECIPIENTS, ['same', 'other'] as const).map(({ kind, ...round }) => ({ ...round, account: kind })),
    packs: rounds(RECIPIENTS, ['on', 'off'] as const).map(({ kind, ...round }) => ({ ...round, packs: kind })),
  };
}

/** Kinds change with every round, the order with every second one: so each kind meets both orders. */
function isOfEvenPair(index: number): boolean {
  return Math.floor(index / 2) % 2 === 0;
}

/** Most are short: the requests themselves take some milliseconds. */
function planOffset(random: Random): number {
  return Math.round(OFFSET_MAX_MS * random.share() ** 2);
}

/** Each kind as often as the others, beginning with any. */
function inTurn<T>(random: Random, kinds: readonly T[]): (index: number) => T {
  const order = random.shuffle(kinds);
  return (index) => order[index % order.length] as T; // the index is inside
}

function counter(): () => string {
  let next = 0;
  return () => String(next++).padStart(4, '0');
}
