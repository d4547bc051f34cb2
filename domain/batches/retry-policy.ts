import { z } from 'zod';
import type { Outcome } from '../calls/outcomes.js';
import { instantText } from '../instant.js';

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
const OTHER_DELAY_MINUTES = 60;

const attemptsSchema = z
  .int('a whole number')
  .min(1, 'at least 1, the first call')
  .max(ATTEMPTS_MAX, `at most ${ATTEMPTS_MAX}`);
const delayMinutesSchema = z
  .number('a number of minutes')
  .min(0, 'a delay is at least 0 minutes')
  .max(RETRY_DELAY_MINUTES_MAX, `a delay is at most ${RETRY_DELAY_MINUTES_MAX} minutes, which is 30 days`);
const notAfterSchema = instantText.nullable().optional().meta({ description: 'No automatic retry starts after it' });
const ruleSchema = z
  .strictObject({
    attempts: attemptsSchema.meta({
      description: 'Calls in all, the first included, up to which this outcome is retried; `maxAttempts` at most',
    }),
    delayMinutes: delayMinutesSchema,
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
  notAfter: notAfterSchema,
});
export type RetryPolicyRequest = z.infer<typeof retryPolicySchema>;

const ruleChangeSchema = z
  .strictObject({
    attempts: attemptsSchema.nullable().optional().meta({ description: 'Null: `maxAttempts`' }),
    delayMinutes: delayMinutesSchema
      .nullable()
      .optional()
      .meta({
        description: `Null: what the outcome has by default, else ${OTHER_DELAY_MINUTES} minutes`,
      }),
  })
  .nullable()
  .meta({ id: 'RetryRuleChange', description: 'Null: not retried' })
  .optional();

/** What a change names of a policy; the rest stays. */
export const retryPolicyChangeSchema = z.strictObject({
  maxAttempts: attemptsSchema.nullable().optional().meta({ description: 'Null: 1' }),
  outcomes: z
    .strictObject({
      NO_ANSWER: ruleChangeSchema,
      BUSY: ruleChangeSchema,
      DECLINED: ruleChangeSchema,
      VOICEMAIL: ruleChangeSchema,
      UNREACHABLE: ruleChangeSchema,
      PROVIDER_ERROR: ruleChangeSchema,
      AGENT_ERROR: ruleChangeSchema,
    } satisfies Record<RetryableOutcome, unknown>)
    .nullable()
    .optional()
    .meta({ description: 'Null: as by default. While they are as by default they follow `maxAttempts`' }),
  notAfter: notAfterSchema,
});
export type RetryPolicyChange = z.infer<typeof retryPolicyChangeSchema>;

type Rule = z.infer<typeof ruleSchema>;

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

/**
 * The policy after a change: what the change does not name is as it was, what is null is as by default. The result is not
 * checked: see `findUselessAttempts`.
 */
export function mergeRetryPolicy(stored: StoredRetries, change: RetryPolicyChange): RetryPolicyRequest {
  const before = toRetryPolicy(stored);
  const maxAttempts = change.maxAttempts === undefined ? before.maxAttempts : (change.maxAttempts ?? 1);
  const notAfter = change.notAfter === undefined ? before.notAfter : change.notAfter;
  if (change.outcomes === null) return { maxAttempts, notAfter };
  if (change.outcomes === undefined)
    return { maxAttempts, notAfter, ...(!isDefault(stored) && { outcomes: before.outcomes }) };
  const outcomes = { ...before.outcomes };
  for (const outcome of RETRYABLE_OUTCOMES) {
    const rule = change.outcomes[outcome];
    if (rule === undefined) continue;
    if (rule === null) delete outcomes[outcome];
    else outcomes[outcome] = mergeRule(outcome, maxAttempts, before.outcomes[outcome], rule);
  }
  return { maxAttempts, notAfter, outcomes };
}

function mergeRule(
  outcome: RetryableOutcome,
  maxAttempts: number,
  before: Rule | undefined,
  { attempts, delayMinutes }: NonNullable<z.infer<typeof ruleChangeSchema>>,
): Rule {
  const byDefault = { attempts: maxAttempts, delayMinutes: defaultDelayMinutes(outcome) };
  return {
    attempts: attempts === undefined ? (before ?? byDefault).attempts : (attempts ?? byDefault.attempts),
    delayMinutes:
      delayMinutes === undefined ? (before ?? byDefault).delayMinutes : (delayMinutes ?? byDefault.delayMinutes),
  };
}

/**
 * Outcomes that are given more attempts than the policy has, which it would never come to. What was so before is none: a
 * lower `maxAttempts` holds for all outcomes without touching them.
 */
export function findUselessAttempts(
  { maxAttempts, outcomes = {} }: RetryPolicyRequest,
  before: StoredRetries | null,
): { outcome: RetryableOutcome; message: string }[] {
  return rulesOf(outcomes)
    .filter(
      ([outcome, { attempts }]) =>
        attempts > maxAttempts && attempts !== before?.retryPolicy.outcomes?.[outcome]?.attempts,
    )
    .map(([outcome]) => ({
      outcome,
      message: `attempts is at most maxAttempts, which is ${maxAttempts}; raise that, or lower this`,
    }));
}

function isDefault(stored: StoredRetries): boolean {
  const { retryPolicy } = toStoredRetries({ maxAttempts: stored.maxAttempts });
  const written = (policy: StoredRetryPolicy) =>
    JSON.stringify(
      rulesOf(policy.outcomes ?? {}).map(([outcome, { attempts, delayMs }]) => [outcome, attempts, delayMs]),
    );
  return written(stored.retryPolicy) === written(retryPolicy);
}

function defaultDelayMinutes(outcome: RetryableOutcome): number {
  return (DEFAULT_DELAY_MINUTES as Partial<Record<RetryableOutcome, number>>)[outcome] ?? OTHER_DELAY_MINUTES; // seen as a table of all
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
