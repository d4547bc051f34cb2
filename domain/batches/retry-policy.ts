import { z } from 'zod';
import type { Outcome } from '../calls/outcomes.js';

/** The outcomes after which a recipient may be called again by itself. After the others a call is answered, hopeless, unwanted or unknown. */
export const RETRYABLE_OUTCOMES = [
  'NO_ANSWER',
  'BUSY',
  'DECLINED',
  'VOICEMAIL',
  'UNREACHABLE',
  'PROVIDER_ERROR',
  'AGENT_ERROR',
] as const satisfies readonly Outcome[];
export type RetryableOutcome = (typeof RETRYABLE_OUTCOMES)[number];

const ATTEMPTS_MAX = 20;
const RETRY_DELAY_MINUTES_MAX = 30 * 24 * 60;
const MINUTE_MS = 60_000;

/** When a policy with retries names no outcome. A busy line is free again soon; a provider's trouble takes a little longer. */
const DEFAULT_DELAY_MINUTES = { NO_ANSWER: 60, BUSY: 10, DECLINED: 60, UNREACHABLE: 15, PROVIDER_ERROR: 15 } as const;

const attemptsSchema = z
  .int('a whole number')
  .min(1, 'at least 1, the first call')
  .max(ATTEMPTS_MAX, `at most ${ATTEMPTS_MAX}`);
const ruleSchema = z
  .strictObject({
    attempts: attemptsSchema.meta({
      description: 'Calls in all, the first included, up to which this outcome is retried',
    }),
    delayMinutes: z
      .number('a number of minutes')
      .min(0, 'a delay is at least 0 minutes')
      .max(RETRY_DELAY_MINUTES_MAX, `a delay is at most ${RETRY_DELAY_MINUTES_MAX} minutes, which is 30 days`),
  })
  .meta({ id: 'RetryRule' });

export const retryOutcomesSchema = z
  .strictObject({
    NO_ANSWER: ruleSchema.optional(),
    BUSY: ruleSchema.optional(),
    DECLINED: ruleSchema.optional(),
    VOICEMAIL: ruleSchema.optional(),
    UNREACHABLE: ruleSchema.optional(),
    PROVIDER_ERROR: ruleSchema.optional(),
    AGENT_ERROR: ruleSchema.optional(),
  } satisfies Record<RetryableOutcome, unknown>)
  .meta({ id: 'RetryOutcomes' });

export const retryPolicySchema = z.strictObject({
  maxAttempts: attemptsSchema.default(1),
  outcomes: retryOutcomesSchema.optional().meta({
    description:
      'Outcomes that are not named are not retried. Left out, with more than one attempt: NO_ANSWER and DECLINED after 60 minutes, BUSY after 10, UNREACHABLE and PROVIDER_ERROR after 15, up to `maxAttempts`.',
  }),
  notAfter: z.iso
    .datetime({ offset: true, error: 'notAfter is an instant like 2026-12-01T18:00:00Z' })
    .nullable()
    .optional()
    .meta({ description: 'No automatic retry starts after it' }),
});
export type RetryPolicyRequest = z.infer<typeof retryPolicySchema>;

/** As the database keeps it, beside `max_attempts`. Outcomes that are not named are not retried. */
export type StoredRetryPolicy = {
  outcomes?: Partial<Record<RetryableOutcome, { attempts: number; delayMs: number }>>;
  notAfter?: string;
};
export type StoredRetries = { maxAttempts: number; retryPolicy: StoredRetryPolicy };

/** The policy as a whole, with every default written out, so that what is stored says everything. */
export function toStoredRetries({ maxAttempts, outcomes, notAfter }: RetryPolicyRequest): StoredRetries {
  const stored: StoredRetryPolicy = { outcomes: {} };
  for (const [outcome, { attempts, delayMinutes }] of rulesOf(outcomes ?? defaultOutcomes(maxAttempts)))
    stored.outcomes![outcome] = { attempts, delayMs: Math.round(delayMinutes * MINUTE_MS) }; // set above
  if (notAfter != null) stored.notAfter = new Date(notAfter).toISOString();
  return { maxAttempts, retryPolicy: stored };
}

/** The stored policy in the form in which it is sent: sending it back changes nothing. */
export function toRetryPolicy({ maxAttempts, retryPolicy }: StoredRetries) {
  const outcomes: NonNullable<RetryPolicyRequest['outcomes']> = {};
  for (const [outcome, { attempts, delayMs }] of rulesOf(retryPolicy.outcomes ?? {}))
    outcomes[outcome] = { attempts, delayMinutes: delayMs / MINUTE_MS };
  return { maxAttempts, outcomes, notAfter: retryPolicy.notAfter ?? null };
}

function defaultOutcomes(maxAttempts: number): NonNullable<RetryPolicyRequest['outcomes']> {
  if (maxAttempts === 1) return {};
  return Object.fromEntries(
    Object.entries(DEFAULT_DELAY_MINUTES).map(([outcome, delayMinutes]) => [
      outcome,
      { attempts: maxAttempts, delayMinutes },
    ]),
  );
}

/** In the order of the list, whatever the order in which they came or were stored. */
function rulesOf<Rule>(rules: Partial<Record<RetryableOutcome, Rule | undefined>>): [RetryableOutcome, Rule][] {
  return RETRYABLE_OUTCOMES.flatMap((outcome) => {
    const rule = rules[outcome];
    return rule === undefined ? [] : [[outcome, rule] as [RetryableOutcome, Rule]];
  });
}
