import { z } from 'zod';
import type { BatchHoursSpec, LawfulOverride } from '../hours/batch-hours.js';
import { circuitBreakersChangeSchema, circuitBreakersSchema } from './circuit-breakers.js';
import { exampleId, parsePublicId, type IdKind } from '../ids.js';
import { labelsChangeSchema } from './labels.js';
import { findUselessAttempts, retryPolicyChangeSchema, retryPolicySchema } from './retry-policy.js';
import { changedPlainSettings, newPlainSettings } from './settings.js';
import { endSchema, startSchema } from './start-time.js';
import { successCriterionChangeSchema, successCriterionSchema } from './success-criterion.js';
import { timeZoneSchema } from '../hours/time-zone.js';
import { windowSchema } from '../hours/window.js';

export const BATCH_NAME_LENGTH_MAX = 100;
const BATCH_CONCURRENCY_MAX = 10_000;
const BATCH_CALLS_PER_SECOND_MAX = 10_000;

const nameSchema = z
  .string()
  .trim()
  .min(1, 'a name is needed')
  .max(BATCH_NAME_LENGTH_MAX, `a name has at most ${BATCH_NAME_LENGTH_MAX} characters`)
  .refine((name) => !name.includes('\0'), 'a name must not contain a NUL character');

/** Null is no limit of the batch's own. */
const limitsSchema = z.strictObject({
  concurrency: limit('concurrency', 1, BATCH_CONCURRENCY_MAX),
  reservedConcurrency: limit('reservedConcurrency', 0, BATCH_CONCURRENCY_MAX).meta({
    description: 'Slots of the workspace that no batch uses while this one runs: kept for other traffic',
  }),
  callsPerSecond: limit('callsPerSecond', 1, BATCH_CALLS_PER_SECOND_MAX),
});

/** Who takes it on is the key that asks. */
const lawfulOverrideSchema = z.strictObject({
  reason: z.string().trim().min(1, 'an override needs its reason').max(1_000),
});

/** The fields of a batch beside `plainSettings`: create says which are needed, update needs none. */
const fields = {
  name: nameSchema,
  fromNumberId: idSchema('phoneNumber'),
  /** When left out, the outbound agent bound to the from-number. */
  agentId: idSchema('agent'),
  timeZone: timeZoneSchema,
  start: startSchema,
  end: endSchema.nullable().meta({
    description:
      'The last instant of the batch, for everybody: no call starts at or after it, and who waits then fails with BATCH_ENDED. Null: none',
  }),
  window: windowSchema,
  lawfulOverride: lawfulOverrideSchema.nullable().meta({
    description:
      'Lifts the lawful hours, which needs a key with the role admin. Kept with the name of the key, the time and the reason',
  }),
  limits: limitsSchema,
  retryPolicy: retryPolicySchema,
  successCriterion: successCriterionSchema,
  circuitBreakers: circuitBreakersSchema,
};

/** The agent is the number's when none is named. */
const NEEDED_TO_SUBMIT = [
  ['name', 'a name'],
  ['fromNumberId', 'a from-number'],
  ['timeZone', 'a time zone'],
  ['window', 'a window'],
] as const;

/** The body of a new batch: a draft may lack what `NEEDED_TO_SUBMIT` says. `recipients` stay raw here: the row validator reports them one by one. */
export const createBatchSchema = z
  .strictObject({
    name: fields.name.optional(),
    fromNumberId: fields.fromNumberId.optional(),
    agentId: fields.agentId.optional(),
    timeZone: fields.timeZone.optional(),
    start: fields.start.default('now'),
    end: fields.end.default(null),
    window: fields.window.optional(),
    ...newPlainSettings(),
    lawfulOverride: fields.lawfulOverride.default(null),
    limits: fields.limits.optional(),
    retryPolicy: fields.retryPolicy.optional(),
    successCriterion: fields.successCriterion.optional(),
    circuitBreakers: fields.circuitBreakers.optional(),
    recipients: z.array(z.unknown()).default([]),
    submit: z.boolean().default(false),
  })
  .superRefine((batch, ctx) => {
    for (const { outcome, message } of batch.retryPolicy ? findUselessAttempts(batch.retryPolicy, null) : [])
      ctx.addIssue({ code: 'custom', path: ['retryPolicy', 'outcomes', outcome, 'attempts'], message });
    if (!batch.submit) return;
    for (const [field, what] of NEEDED_TO_SUBMIT)
      if (batch[field] === undefined)
        ctx.addIssue({ code: 'custom', path: [field], message: `a batch needs ${what} to be submitted` });
    if (batch.recipients.length === 0) {
      ctx.addIssue({
        code: 'custom',
        path: ['recipients'],
        message: 'a batch needs at least one recipient to be submitted',
      });
    }
  });
export type CreateBatchRequest = z.infer<typeof createBatchSchema>;

/** The part of a request that says whose clock the hours are read by, and what narrows them; the override as it is stored. */
export function hoursOf(request: CreateBatchRequest, lawfulOverride: LawfulOverride | null): BatchHoursSpec {
  const { hoursIn, unknownZone, blackoutDates, holidays, purpose } = request;
  return { hoursIn, unknownZone, blackoutDates, holidays, purpose, lawfulOverride };
}

const MERGED = 'What is left out of it stays; null resets';

/** The body of a change: what is left out stays, of objects too. What a change makes of them is `merge-settings.ts`. Which fields may change depends on the status, see `batch-status.ts`. */
export const updateBatchSchema = z.strictObject({
  name: fields.name.optional(),
  fromNumberId: fields.fromNumberId.optional(),
  /** Null goes back to the from-number's outbound agent. */
  agentId: fields.agentId.nullable().optional(),
  timeZone: fields.timeZone.optional(),
  start: fields.start.optional(),
  end: fields.end.optional(),
  window: fields.window.optional().meta({
    description: 'As a whole: a day that is left out is closed, so that no day stays open that nobody named',
  }),
  ...changedPlainSettings(),
  labels: labelsChangeSchema.nullable().optional(),
  lawfulOverride: fields.lawfulOverride.optional(),
  limits: limitsSchema
    .nullable()
    .optional()
    .meta({ description: `${MERGED} it to no limit` }),
  retryPolicy: retryPolicyChangeSchema
    .nullable()
    .optional()
    .meta({ description: `${MERGED} it to one attempt` }),
  successCriterion: successCriterionChangeSchema.nullable().optional().meta({
    description: `What is left out of it stays, but another kind replaces it as a whole; null resets it to analysis`,
  }),
  circuitBreakers: circuitBreakersChangeSchema
    .nullable()
    .optional()
    .meta({ description: `${MERGED} it to the breakers of a new batch. A share that is null never opens` }),
  version: z
    .int()
    .min(1)
    .optional()
    .meta({ description: 'The version that the change was made from: 409 when the batch has another by now' }),
});
export type UpdateBatchRequest = z.infer<typeof updateBatchSchema>;

/** The body of a retry: new hours or another end, for those whom the old ones did not reach. What is left out stays. */
export const retryBatchSchema = updateBatchSchema
  .pick({ end: true, window: true, timeZone: true, blackoutDates: true, holidays: true, lawfulOverride: true })
  .prefault({});
export type RetryBatchRequest = z.infer<typeof retryBatchSchema>;

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
  return z
    .string()
    .transform((text, ctx) => {
      const uuid = parsePublicId(kind, text);
      if (uuid !== null) return uuid;
      ctx.addIssue({ code: 'custom', message: `'${text.slice(0, 60)}' is not the id of a ${KIND_WORDS[kind]}` });
      return z.NEVER;
    })
    .meta({ example: exampleId(kind) });
}

const KIND_WORDS: Record<IdKind, string> = {
  workspace: 'workspace',
  apiKey: 'API key',
  member: 'member',
  providerAccount: 'provider account',
  phoneNumber: 'phone number',
  agent: 'agent',
  batch: 'batch',
  import: 'import',
  recipient: 'recipient',
  attempt: 'attempt',
  job: 'job',
  event: 'event',
};
