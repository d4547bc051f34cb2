import { z } from 'zod';
import { OUTCOMES, OUTCOME_RULES, type Outcome } from '../calls/outcomes.js';

/** In the order in which they are looked at: the first says most precisely what is wrong. */
export const BREAKERS = ['providerErrorShare', 'failureShare', 'shortCallShare'] as const;
export type Breaker = (typeof BREAKERS)[number];

/**
 * The shares at which a batch pauses by itself, null for never, and how many ended calls they are taken of. Stored as it is,
 * always in full.
 */
export type CircuitBreakers = Record<Breaker, number | null> & { sampleSize: number };

/** An answered call that is shorter was hung up on: nobody says who they are and what they want in less. */
export const SHORT_CALL_MS = 6_000;
/** Trouble between Dialwright and the agent: no recipient is to blame. */
export const TROUBLE_OUTCOMES = ['PROVIDER_ERROR', 'AGENT_ERROR'] as const satisfies readonly Outcome[];
export const FAILED_OUTCOMES: readonly Outcome[] = OUTCOMES.filter(
  (outcome) => OUTCOME_RULES[outcome].recipient === 'FAILED',
);

const SAMPLE_SIZE_MIN = 10;
const SAMPLE_SIZE_MAX = 1_000;

/**
 * - providerErrorShare 0.5: a provider that loses every second call is down, and the list is being burnt.
 * - failureShare 0.9: a bad list fails often; one that fails nine times in ten is the wrong list, or nothing works at all.
 * - shortCallShare null: short answers are usual where calls are brief, so who wants it says from what share.
 * - sampleSize 50: with fewer, a handful of bad numbers would stop a good batch; with more, too many people are called in vain.
 */
const DEFAULT_BREAKERS: CircuitBreakers = {
  providerErrorShare: 0.5,
  failureShare: 0.9,
  shortCallShare: null,
  sampleSize: 50,
};
const NO_BREAKERS: CircuitBreakers = { ...DEFAULT_BREAKERS, providerErrorShare: null, failureShare: null };

const shareSchema = z
  .number('a share is a number, or null for never')
  .gt(0, 'a share is more than 0; null turns the breaker off')
  .max(1, 'a share is at most 1, which is every call')
  .nullable();

export const circuitBreakersSchema = z.strictObject({
  failureShare: shareSchema.optional().meta({ description: 'Of calls that failed' }),
  shortCallShare: shareSchema
    .optional()
    .meta({ description: 'Of calls that were answered and shorter than 6 seconds' }),
  providerErrorShare: shareSchema
    .optional()
    .meta({ description: 'Of calls that ended in PROVIDER_ERROR or AGENT_ERROR' }),
  sampleSize: z
    .int('sampleSize is a whole number')
    .min(SAMPLE_SIZE_MIN, `sampleSize is at least ${SAMPLE_SIZE_MIN}`)
    .max(SAMPLE_SIZE_MAX, `sampleSize is at most ${SAMPLE_SIZE_MAX}`)
    .optional()
    .meta({ description: 'How many ended calls the shares are taken of: the last ones' }),
});
export type CircuitBreakersRequest = z.infer<typeof circuitBreakersSchema>;

/** What a change names of the breakers; the rest stays. */
export const circuitBreakersChangeSchema = circuitBreakersSchema.extend({
  sampleSize: circuitBreakersSchema.shape.sampleSize.nullable().meta({
    description: `How many ended calls the shares are taken of: the last ones. Null: ${DEFAULT_BREAKERS.sampleSize}`,
  }),
});
export type CircuitBreakersChange = z.infer<typeof circuitBreakersChangeSchema>;

/** The breakers after a change. A share that is null never opens, which is a setting like another, and no reset. */
export function mergeBreakers(
  stored: Partial<CircuitBreakers>,
  { sampleSize, ...shares }: CircuitBreakersChange,
): CircuitBreakersRequest {
  const named = Object.fromEntries(Object.entries(shares).filter(([, share]) => share !== undefined));
  const before = toCircuitBreakers(stored);
  return {
    ...before,
    ...named,
    sampleSize: sampleSize === undefined ? before.sampleSize : (sampleSize ?? DEFAULT_BREAKERS.sampleSize),
  };
}

/** The breakers as a whole, with every default written out. */
export function toStoredBreakers(request: CircuitBreakersRequest): CircuitBreakers {
  const given = Object.entries(request).filter(([, value]) => value !== undefined);
  return { ...DEFAULT_BREAKERS, ...Object.fromEntries(given) };
}

/** The breakers of a row; one that was written without any has none. */
export function toCircuitBreakers(stored: Partial<CircuitBreakers>): CircuitBreakers {
  return { ...NO_BREAKERS, ...stored };
}

/** Of the last `sampleSize` ended calls of a batch: `ended` is less while there are not so many yet. */
export type CallCounts = { ended: number; failed: number; short: number; trouble: number };
export type OpenedBreaker = { breaker: Breaker; share: number; sampleSize: number };

/** The breaker that opens, or null. A share that is reached is enough; a sample that is not full says nothing. */
export function findOpenBreaker(breakers: CircuitBreakers, counts: CallCounts): OpenedBreaker | null {
  if (counts.ended < breakers.sampleSize) return null;
  const counted = { providerErrorShare: counts.trouble, failureShare: counts.failed, shortCallShare: counts.short };
  for (const breaker of BREAKERS) {
    const limit = breakers[breaker];
    const share = counted[breaker] / counts.ended;
    if (limit !== null && share >= limit) return { breaker, share, sampleSize: counts.ended };
  }
  return null;
}

const TEXTS: Record<Breaker, { happened: string; advice: string }> = {
  providerErrorShare: {
    happened: 'ended in an error of the provider or the agent',
    advice: 'Look at the last errors and at the state of the provider; when it works again, resume.',
  },
  failureShare: {
    happened: 'failed',
    advice:
      'Look at the last errors: are these the right numbers, with the right country code? Mend or remove them, then resume.',
  },
  shortCallShare: {
    happened: `were answered and shorter than ${SHORT_CALL_MS / 1000} seconds`,
    advice: 'Listen to the beginning of some calls: people hang up on it. Mend the agent, then resume.',
  },
};

/** What happened, and what to do: for the batch's status reason and its events. */
export function describeBreaker({ breaker, share, sampleSize }: OpenedBreaker): { happened: string; advice: string } {
  const { happened, advice } = TEXTS[breaker];
  const calls = Math.round(share * sampleSize);
  return { happened: `Paused by itself: ${calls} of the last ${sampleSize} calls ${happened}.`, advice };
}
