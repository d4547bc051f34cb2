import { z } from 'zod';
import { circuitBreakersSchema } from './circuit-breakers.js';
import { parsePublicId, type IdKind } from './ids.js';
import { retryPolicySchema } from './retry-policy.js';
import { startSchema } from './start-time.js';
import { successCriterionSchema } from './success-criterion.js';
import { isTimeZone, windowSchema } from './window.js';

export const BATCH_NAME_LENGTH_MAX = 100;
export const BATCH_CONCURRENCY_MAX = 10_000;
export const BATCH_CALLS_PER_SECOND_MAX = 10_000;

const nameSchema = z
  .string()
  .trim()
  .min(1, 'a name is needed')
  .max(BATCH_NAME_LENGTH_MAX, `a name has at most ${BATCH_NAME_LENGTH_MAX} characters`)
  .refine((name) => !name.includes('\0'), 'a name must not contain a NUL character');

const timeZoneSchema = z
  .string()
  .refine(isTimeZone, { error: (issue) => `'${String(issue.input)}' is not an IANA time zone, such as Europe/Madrid` });

/** Null is no limit of the batch's own. */
const limitsSchema = z.strictObject({
  concurrency: limit('concurrency', 1, BATCH_CONCURRENCY_MAX),
  reservedConcurrency: limit('reservedConcurrency', 0, BATCH_CONCURRENCY_MAX).meta({
    description: 'Slots of the workspace that no batch uses while this one runs: kept for other traffic',
  }),
  callsPerSecond: limit('callsPerSecond', 1, BATCH_CALLS_PER_SECOND_MAX),
});

const hoursInSchema = z.literal('batch', 'hoursIn must be "batch": hours by recipient are not available yet');

/** Every field that a batch may be given, in one place: create says which are needed, update needs none. */
const fields = {
  name: nameSchema,
  fromNumberId: idSchema('phoneNumber'),
  /** When left out, the outbound agent bound to the from-number. */
  agentId: idSchema('agent'),
  timeZone: timeZoneSchema,
  start: startSchema,
  window: windowSchema,
  hoursIn: hoursInSchema,
  limits: limitsSchema,
  retryPolicy: retryPolicySchema,
  successCriterion: successCriterionSchema,
  circuitBreakers: circuitBreakersSchema,
};

/** The body of a new batch. `recipients` stay raw here: the row validator reports them one by one. */
export const createBatchSchema = z
  .strictObject({
    name: fields.name,
    fromNumberId: fields.fromNumberId,
    agentId: fields.agentId.optional(),
    timeZone: fields.timeZone,
    start: fields.start.default('now'),
    window: fields.window.optional(),
    hoursIn: fields.hoursIn.default('batch'),
    limits: fields.limits.optional(),
    retryPolicy: fields.retryPolicy.optional(),
    successCriterion: fields.successCriterion.optional(),
    circuitBreakers: fields.circuitBreakers.optional(),
    recipients: z.array(z.unknown()).default([]),
    submit: z.boolean().default(false),
  })
  .superRefine((batch, ctx) => {
    if (!batch.submit) return;
    if (!batch.window)
      ctx.addIssue({ code: 'custom', path: ['window'], message: 'a batch needs a window to be submitted' });
    if (batch.recipients.length === 0) {
      ctx.addIssue({
        code: 'custom',
        path: ['recipients'],
        message: 'a batch needs at least one recipient to be submitted',
      });
    }
  });
export type CreateBatchRequest = z.infer<typeof createBatchSchema>;

/** The body of a change: what is left out stays. Which fields may change depends on the status, see `batch-status.ts`. */
export const updateBatchSchema = z.strictObject({
  name: fields.name.optional(),
  fromNumberId: fields.fromNumberId.optional(),
  /** Null goes back to the from-number's outbound agent. */
  agentId: fields.agentId.nullable().optional(),
  timeZone: fields.timeZone.optional(),
  start: fields.start.optional(),
  window: fields.window.optional(),
  hoursIn: fields.hoursIn.optional(),
  limits: fields.limits.optional(),
  /** As a whole: what is left out of it gets its default. */
  retryPolicy: fields.retryPolicy.optional(),
  successCriterion: fields.successCriterion.optional(),
  /** As a whole, like the retry policy. */
  circuitBreakers: fields.circuitBreakers.optional(),
  version: z
    .int()
    .min(1)
    .optional()
    .meta({ description: 'The version that the change was made from: 409 when the batch has another by now' }),
});
export type UpdateBatchRequest = z.infer<typeof updateBatchSchema>;

function limit(name: string, min: number, max: number) {
  return z
    .int(`${name} is a whole number`)
    .min(min, `${name} is at least ${min}`)
    .max(max, `${name} is at most ${max}`)
    .nullable()
    .optional();
}

/** An id in public form, turned into its uuid. */
export function idSchema(kind: IdKind) {
  return z.string().transform((text, ctx) => {
    const uuid = parsePublicId(kind, text);
    if (uuid !== null) return uuid;
    ctx.addIssue({ code: 'custom', message: `'${text.slice(0, 60)}' is not the id of a ${KIND_WORDS[kind]}` });
    return z.NEVER;
  });
}

const KIND_WORDS: Record<IdKind, string> = {
  workspace: 'workspace',
  apiKey: 'API key',
  providerAccount: 'provider account',
  phoneNumber: 'phone number',
  agent: 'agent',
  batch: 'batch',
  import: 'import',
  recipient: 'recipient',
  attempt: 'attempt',
  event: 'event',
};
