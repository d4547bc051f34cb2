import { z } from 'zod';

const SUCCESS_SECONDS_MAX = 3_600;

const secondsSchema = z
  .int('seconds is a whole number')
  .min(1, 'seconds is at least 1')
  .max(SUCCESS_SECONDS_MAX, `seconds is at most ${SUCCESS_SECONDS_MAX}`);

/** When an answered call counts as successful. */
export const successCriterionSchema = z.discriminatedUnion(
  'kind',
  [
    /** The provider's own analysis of the conversation, which may arrive late or never. */
    z.strictObject({ kind: z.literal('analysis') }),
    /** A conversation of at least this length. */
    z.strictObject({
      kind: z.literal('minimumDuration'),
      seconds: secondsSchema,
    }),
  ],
  { error: 'kind is "analysis" or "minimumDuration"' },
);
export type SuccessCriterion = z.infer<typeof successCriterionSchema>;

/** What a change names of the criterion. */
export const successCriterionChangeSchema = z.strictObject({
  kind: z.enum(['analysis', 'minimumDuration'], 'kind is "analysis" or "minimumDuration"').optional(),
  seconds: secondsSchema.optional(),
});
export type SuccessCriterionChange = z.infer<typeof successCriterionChangeSchema>;

/** The criterion after a change: another kind replaces it whole. To be checked by the schema: a part may be missing, or too much. */
export function mergeCriterion(stored: StoredCriterion, { kind, seconds }: SuccessCriterionChange): unknown {
  const before = toSuccessCriterion(stored);
  return {
    ...(kind === undefined || kind === before.kind ? before : { kind }),
    ...(seconds !== undefined && { seconds }),
  };
}

/** As the database keeps it; null is the provider's analysis. */
export type StoredCriterion = { minimumDurationMs: number } | null;

export function toStoredCriterion(criterion: SuccessCriterion): StoredCriterion {
  return criterion.kind === 'analysis' ? null : { minimumDurationMs: criterion.seconds * 1000 };
}

export function toSuccessCriterion(stored: StoredCriterion): SuccessCriterion {
  return stored === null ? { kind: 'analysis' } : { kind: 'minimumDuration', seconds: stored.minimumDurationMs / 1000 };
}
