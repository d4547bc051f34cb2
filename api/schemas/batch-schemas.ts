import { z } from 'zod';
import { circuitBreakersSchema } from '../../domain/batches/circuit-breakers.js';
import { retryOutcomesSchema } from '../../domain/batches/retry-policy.js';
import { plainSettings } from '../../domain/batches/settings.js';
import { WHY_NOT_CODES } from '../../domain/batches/action-states.js';
import { BATCH_ACTIONS, BATCH_STATUSES, RESTORABLE_DAYS, type BatchAction } from '../../domain/batches/status.js';
import { successCriterionSchema } from '../../domain/batches/success-criterion.js';
import { windowSchema } from '../../domain/hours/window.js';
import { RECIPIENT_STATUSES } from '../../domain/recipients/status.js';
import { count, idOut, time, waitSchema } from './fields.js';

const BATCH_WARNING_CODES = ['duplicate_name', 'never_open', 'start_read_again', 'end_read_again'] as const;
export const warningSchema = z.object({
  code: z.enum(BATCH_WARNING_CODES),
  message: z.string(),
  batchId: idOut('batch').optional().meta({ description: 'With `duplicate_name`: a batch that has the name too' }),
});
export type BatchWarning = z.infer<typeof warningSchema>;

export const countersSchema = z
  .object({
    countedAt: time.meta({
      description: 'Small batches are counted at once; the counts of large ones may be some seconds old',
    }),
    recipients: z.object({
      total: count,
      ...Object.fromEntries(RECIPIENT_STATUSES.map((status) => [status, count])),
    } as Record<'total' | (typeof RECIPIENT_STATUSES)[number], typeof count>),
    attempts: z.object({
      sent: count,
      pickedUp: count,
      successful: count,
      voicemail: count,
      noAnswer: count,
      busy: count,
      declined: count,
      failed: count,
      uncertain: count,
      refusals: count.meta({ description: 'Tries without a call; counted nowhere else' }),
    }),
  })
  .meta({
    id: 'Counters',
    description: '`attempts` count calls, `recipients` count people by the status that is shown.',
  });

const actionStateSchema = z
  .object({
    allowed: z.boolean().meta({ description: 'Whether it is possible now' }),
    whyNot: z
      .object({ code: z.enum(WHY_NOT_CODES), message: z.string() })
      .nullable()
      .meta({ description: 'Why it is not possible; null when it is' }),
    count: count.nullable().meta({
      description: 'How many recipients it would touch, at most; null: it is not about recipients',
    }),
  })
  .meta({ id: 'ActionState' });

const actionStatesSchema = z
  .object(
    Object.fromEntries(
      BATCH_ACTIONS.map((action) => [action, actionStateSchema.meta({ description: `Of the action ${action}` })]),
    ) as Record<BatchAction, typeof actionStateSchema>,
  )
  .meta({ id: 'AllowedActions', description: 'Of each action whether it is possible now, as far as the batch tells' });

export const deletedBatchSchema = z
  .object({
    id: idOut('batch'),
    restoresAs: z.enum(BATCH_STATUSES).meta({ description: 'The status that it has when it is restored' }),
    wasCancelled: z.boolean().meta({ description: 'Whether it was open, so that it was cancelled first' }),
    deletedAt: time.meta({ description: 'When it was deleted' }),
    restorableUntil: time.meta({
      description: `Until when POST /v1/batches/{batchId}/restore brings it back: ${RESTORABLE_DAYS} days`,
    }),
  })
  .meta({ id: 'DeletedBatch' });

export const batchSchema = z
  .object({
    id: idOut('batch'),
    kind: z.enum(['batch', 'test']).meta({ description: '`test`: a test call' }),
    name: z.string().nullable().meta({ description: 'Null in a draft that has none yet' }),
    status: z.enum(BATCH_STATUSES),
    statusReason: z.string().nullable(),
    statusChange: z
      .object({ at: time, actor: z.string(), actorName: z.string().nullable() })
      .nullable()
      .meta({ description: 'Since when it has this status, and who gave it; null in a draft that never had another' }),
    version: z.int(),
    fromNumber: z
      .object({ id: idOut('phoneNumber'), phoneNumber: z.string() })
      .nullable()
      .meta({ description: 'Null in a draft that has none yet' }),
    agent: z
      .object({ id: idOut('agent'), name: z.string() })
      .nullable()
      .meta({ description: 'Null in a draft that has none yet' }),
    timeZone: z.string().nullable().meta({ description: 'Null in a draft that has none yet' }),
    startAt: time.nullable().meta({ description: 'Null in a draft that starts when it is submitted' }),
    startLocal: z
      .string()
      .nullable()
      .meta({ description: 'The start as it was written, where that was a local time of `timeZone`' }),
    endAt: time.nullable().meta({ description: 'No call starts at or after it; null: no end' }),
    endLocal: z.string().nullable().meta({ description: 'The end as it was written, where that was a local time' }),
    window: windowSchema.nullable(),
    ...plainSettings,
    purpose: z.string().nullable(),
    lawfulOverride: z.object({ name: z.string(), by: z.string(), at: time, reason: z.string() }).nullable().meta({
      description: 'Who has lifted the lawful hours: the name and id of the API key or the member, when, and why',
    }),
    limits: z.object({
      concurrency: z.int().nullable(),
      reservedConcurrency: z.int(),
      callsPerSecond: z.int().nullable(),
    }),
    retryPolicy: z.object({ maxAttempts: z.int(), outcomes: retryOutcomesSchema, notAfter: time.nullable() }),
    successCriterion: successCriterionSchema,
    circuitBreakers: circuitBreakersSchema.required(),
    allowedActions: actionStatesSchema,
    zonesOutstanding: z.boolean().meta({
      description:
        'Whose clock counts was changed, and the zones of its recipients are being derived again: until they are, the draft cannot be submitted',
    }),
    counters: countersSchema,
    why: waitSchema
      .nullable()
      .meta({ description: 'Why the next call is not made now; null when calls are being made, or the batch is over' }),
    workflowProblem: z.object({ since: time, message: z.string() }).nullable(),
    warnings: z.array(warningSchema),
    createdAt: time,
    submittedAt: time.nullable(),
    startedAt: time.nullable(),
    finishedAt: time.nullable(),
  })
  .meta({ id: 'Batch' });
