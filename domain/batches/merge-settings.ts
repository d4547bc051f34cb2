import { z } from 'zod';
import { circuitBreakersSchema, mergeBreakers, type CircuitBreakers } from './circuit-breakers.js';
import { labelsSchema, mergeLabels, type Labels } from './labels.js';
import type { UpdateBatchRequest } from './request.js';
import { findUselessAttempts, mergeRetryPolicy, retryPolicySchema, type StoredRetries } from './retry-policy.js';
import { mergeCriterion, successCriterionSchema, type StoredCriterion } from './success-criterion.js';

/** The settings of a batch that are objects, as they are stored. */
export type StoredSettings = StoredRetries & {
  successCriterion: StoredCriterion;
  breakers: Partial<CircuitBreakers>;
  labels: Labels;
};

const mergedSchema = z.object({
  retryPolicy: retryPolicySchema.optional(),
  successCriterion: successCriterionSchema.optional(),
  circuitBreakers: circuitBreakersSchema.optional(),
  labels: labelsSchema.optional(),
});
export type MergedSettings = z.infer<typeof mergedSchema>;

/**
 * The objects that a change names, each as a whole: what the change leaves out of one is as it is stored, what is null is as
 * by default. Checked as a new batch's would be. Whoever writes them must know that nothing was stored since.
 */
export function mergeSettings(
  stored: StoredSettings,
  change: Pick<UpdateBatchRequest, keyof MergedSettings>,
): z.ZodSafeParseResult<MergedSettings> {
  const { retryPolicy, successCriterion, circuitBreakers, labels } = change;
  const merged = {
    retryPolicy: retryPolicy === null ? {} : retryPolicy && mergeRetryPolicy(stored, retryPolicy),
    successCriterion:
      successCriterion === null
        ? { kind: 'analysis' }
        : successCriterion && mergeCriterion(stored.successCriterion, successCriterion),
    circuitBreakers: circuitBreakers === null ? {} : circuitBreakers && mergeBreakers(stored.breakers, circuitBreakers),
    labels: labels === null ? {} : labels && mergeLabels(stored.labels, labels),
  };
  return mergedSchema
    .superRefine((settings, ctx) => {
      if (!settings.retryPolicy) return;
      for (const { outcome, message } of findUselessAttempts(settings.retryPolicy, stored))
        ctx.addIssue({ code: 'custom', path: ['retryPolicy', 'outcomes', outcome, 'attempts'], message });
    })
    .safeParse(merged, { reportInput: true });
}
