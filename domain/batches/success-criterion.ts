import { z } from 'zod';

const SUCCESS_SECONDS_MAX = 3_600;

/** When an answered call counts as successful. */
export const successCriterionSchema = z.discriminatedUnion(
  'kind',
  [
    /** The provider's own analysis of the conversation, which may arrive late or never. */
    z.strictObject({ kind: z.literal('analysis') }),
    /** A conversation of at least this length. */
    z.strictObject({
      kind: z.literal('minimumDuration'),
      seconds: z
        .int('seconds is a whole number')
        .min(1, 'seconds is at least 1')
        .max(SUCCESS_SECONDS_MAX, `seconds is at most ${SUCCESS_SECONDS_MAX}`),
    }),
  ],
  { error: 'kind is "analysis" or "minimumDuration"' },
);
export type SuccessCriterion = z.infer<typeof successCriterionSchema>;

/** As the database keeps it; null is the provider's analysis. */
export type StoredCriterion = { minimumDurationMs: number } | null;

export function toStoredCriterion(criterion: SuccessCriterion): StoredCriterion {
  return criterion.kind === 'analysis' ? null : { minimumDurationMs: criterion.seconds * 1000 };
}

export function toSuccessCriterion(stored: StoredCriterion): SuccessCriterion {
  return stored === null ? { kind: 'analysis' } : { kind: 'minimumDuration', seconds: stored.minimumDurationMs / 1000 };
}
