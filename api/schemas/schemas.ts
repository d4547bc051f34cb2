import { z } from 'zod';
import { BATCH_STATUSES } from '../../domain/batches/status.js';
import { BATCH_NAME_LENGTH_MAX, idSchema } from '../../domain/batches/request.js';
import { circuitBreakersSchema } from '../../domain/batches/circuit-breakers.js';
import { ID_PREFIXES, type IdKind } from '../../domain/ids.js';
import { OUTCOMES } from '../../domain/calls/outcomes.js';
import { checkPhone } from '../../domain/recipients/phone.js';
import { RECIPIENT_STATUSES } from '../../domain/recipients/status.js';
import { retryOutcomesSchema } from '../../domain/batches/retry-policy.js';
import { successCriterionSchema } from '../../domain/batches/success-criterion.js';
import { ATTEMPT_STATES } from '../../domain/calls/attempt-state.js';
import { windowSchema } from '../../domain/hours/window.js';

/** A public id as it comes in: parsed to its uuid. */
export function idIn(kind: IdKind) {
  return idSchema(kind).meta({ example: exampleId(kind) });
}

/** A public id as it goes out. */
export function idOut(kind: IdKind) {
  return z
    .string()
    .regex(new RegExp(`^${ID_PREFIXES[kind]}_[0-9a-f]{32}$`))
    .meta({ example: exampleId(kind) });
}

function exampleId(kind: IdKind): string {
  return `${ID_PREFIXES[kind]}_0190a6f2c8e87b4f9d1e2a3b4c5d6e7f`;
}

export const time = z.iso.datetime();
export const emptyBody = z.strictObject({}).optional();
const count = z.int().min(0);

const warningSchema = z.object({ code: z.string(), message: z.string() });
export const waitSchema = z.object({ reason: z.string(), until: time.nullable(), message: z.string() });

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
    }),
  })
  .meta({
    id: 'Counters',
    description: '`attempts` count calls, `recipients` count people by the status that is shown.',
  });

export const batchSchema = z
  .object({
    id: idOut('batch'),
    name: z.string(),
    status: z.enum(BATCH_STATUSES),
    statusReason: z.string().nullable(),
    version: z.int(),
    fromNumber: z.object({ id: idOut('phoneNumber'), phone: z.string() }),
    agent: z.object({ id: idOut('agent'), name: z.string() }),
    timeZone: z.string(),
    startAt: time.nullable().meta({ description: 'Null in a draft that starts when it is submitted' }),
    window: windowSchema.nullable(),
    hoursIn: z.enum(['batch', 'recipient']),
    unknownZone: z.enum(['hold', 'batch']),
    blackoutDates: z.array(z.string()),
    holidays: z.array(z.object({ country: z.string(), region: z.string().optional() })),
    purpose: z.string().nullable(),
    lawfulOverride: z.object({ name: z.string(), reason: z.string() }).nullable(),
    limits: z.object({
      concurrency: z.int().nullable(),
      reservedConcurrency: z.int(),
      callsPerSecond: z.int().nullable(),
    }),
    retryPolicy: z.object({ maxAttempts: z.int(), outcomes: retryOutcomesSchema, notAfter: time.nullable() }),
    successCriterion: successCriterionSchema,
    circuitBreakers: circuitBreakersSchema.required(),
    allowedActions: z.array(z.string()),
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

export const batchChangeSchema = z
  .object({
    id: idOut('batch'),
    status: z.enum(BATCH_STATUSES),
    statusReason: z.string().nullable(),
    version: z.int(),
    allowedActions: z.array(z.string()),
  })
  .meta({
    id: 'BatchChange',
    description: 'What a batch is after a change; its counters are at GET /v1/batches/{batchId}.',
  });

export const recipientSchema = z
  .object({
    id: idOut('recipient'),
    batchId: idOut('batch'),
    phoneNumber: z.string(),
    name: z.string().nullable(),
    status: z.enum(RECIPIENT_STATUSES),
    waitingFor: waitSchema
      .nullable()
      .meta({ description: 'Why it has not been called yet, and until when that is known to last' }),
    attempts: count,
    maxAttempts: z.int(),
    nextRetryAt: time.nullable(),
    lastOutcome: z.enum(OUTCOMES).nullable(),
    lastError: z.string().nullable(),
    variables: z.record(z.string(), z.string()),
    metadata: z.record(z.string(), z.unknown()),
    customSipHeaders: z.record(z.string(), z.string()),
    ignoreE164Validation: z.boolean(),
    overrideAgentId: z.string().nullable(),
    overrideAgentVersion: z.string().nullable(),
    zones: z
      .object({
        names: z.array(z.string()),
        confidence: z.enum(['batch', 'recipient', 'number', 'country', 'unknown']),
        source: z.string(),
      })
      .meta({ description: 'Where it is called, and how that is known: every one of the zones has to be open' }),
    notBefore: time.nullable(),
    notAfter: time.nullable(),
    createdAt: time,
  })
  .meta({ id: 'Recipient' });

export const attemptSchema = z
  .object({
    id: idOut('attempt'),
    number: z.int(),
    state: z.enum(ATTEMPT_STATES),
    outcome: z.enum(OUTCOMES).nullable(),
    endReason: z.string().nullable().meta({ description: "The provider's own word, or why the call was not placed" }),
    byVerdict: z.boolean(),
    spendsAttempt: z.boolean(),
    providerCallId: z.string().nullable(),
    dialingAt: time,
    acceptedAt: time.nullable(),
    endedAt: time.nullable(),
    durationMs: z.int().nullable(),
    successful: z.boolean().nullable(),
    hangUpAskedAt: time.nullable(),
    events: z.array(
      z.object({
        id: idOut('event'),
        kind: z.enum(['STARTED', 'ENDED', 'ANALYZED']),
        occurredAt: time,
        receivedAt: time,
        outcome: z.enum(OUTCOMES).nullable(),
        endReason: z.string().nullable(),
        details: z.record(z.string(), z.unknown()),
      }),
    ),
  })
  .meta({ id: 'Attempt' });

export const attemptChangeSchema = z
  .object({ id: idOut('attempt'), state: z.enum(ATTEMPT_STATES) })
  .meta({ id: 'AttemptChange' });

/** Documented here, checked by `domain/recipients/json-recipient.ts`, which reports every recipient's mistakes. */
export const recipientInput = z.unknown().meta({
  id: 'RecipientInput',
  type: 'object',
  required: ['phoneNumber'],
  properties: {
    phoneNumber: { type: 'string', examples: ['+12025550123'] },
    name: { type: 'string' },
    variables: { type: 'object', additionalProperties: { type: 'string' } },
    metadata: { type: 'object' },
    customSipHeaders: { type: 'object', additionalProperties: { type: 'string' } },
    ignoreE164Validation: { type: 'boolean' },
    overrideAgentId: { type: 'string' },
    overrideAgentVersion: { type: 'string' },
    notBefore: { type: 'string', format: 'date-time' },
    notAfter: { type: 'string', format: 'date-time' },
  },
});

export const importSchema = z
  .object({
    id: idOut('import'),
    batchId: idOut('batch'),
    fileName: z.string(),
    status: z.enum(['RECEIVING', 'REVIEW', 'CONFIRMED', 'DISCARDED', 'FAILED']),
    rowsOutstanding: z.boolean().meta({ description: 'Confirmed, and its last rows are still becoming recipients' }),
    movedRows: count.meta({ description: 'Accepted rows that have become recipients' }),
    totalRows: count.meta({ description: 'While RECEIVING: rows read so far; accepted and rejected ones likewise' }),
    acceptedRows: count,
    rejectedRows: count,
    droppedRows: count.meta({
      description: 'Duplicates that the confirm left out; all others are accepted or rejected',
    }),
    warnings: z.array(z.looseObject({ code: z.string(), message: z.string() })),
    error: z.object({ code: z.string(), message: z.string() }).nullable(),
    createdAt: time,
    confirmedAt: time.nullable(),
  })
  .meta({ id: 'Import' });

export const importRowSchema = z
  .object({
    rowNumber: z.int().meta({ description: '1 is the first row below the headers' }),
    accepted: z.boolean(),
    content: z.record(z.string(), z.unknown()).meta({
      description:
        'Accepted: the recipient, with `repaired` and the `original` text when its phone was mended. Rejected: the cells by header.',
    }),
    problems: z.array(z.object({ field: z.string(), code: z.string(), message: z.string() })),
  })
  .meta({ id: 'ImportRow' });

export const agentSchema = z
  .object({
    id: idOut('agent'),
    providerAccountId: idOut('providerAccount'),
    providerAgentId: z.string(),
    name: z.string(),
    disabled: z.boolean(),
    createdAt: time,
  })
  .meta({ id: 'Agent' });

export const phoneNumberSchema = z
  .object({
    id: idOut('phoneNumber'),
    providerAccountId: idOut('providerAccount'),
    phone: z.string(),
    label: z.string().nullable(),
    outbound: z.boolean(),
    outboundAgentId: idOut('agent').nullable(),
    concurrencyLimit: z.int().nullable(),
    callsPerSecond: z.int().nullable(),
    backedOffUntil: time.nullable().meta({
      description: 'The provider refused calls: until when none starts; later one at a time, until one is accepted',
    }),
    disabled: z.boolean(),
    createdAt: time,
  })
  .meta({ id: 'PhoneNumber' });

const TEXT_LENGTH_MAX = 200;
export const shortText = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(TEXT_LENGTH_MAX, `has at most ${TEXT_LENGTH_MAX} characters`)
  .refine((text) => !/[\0\p{Cs}]/u.test(text), 'must not contain a NUL or a broken character');
export const nameText = shortText.refine(
  (text) => text.length <= BATCH_NAME_LENGTH_MAX,
  `a name has at most ${BATCH_NAME_LENGTH_MAX} characters`,
);

/** A number that belongs to us: always E.164. Turned into its canonical form. */
export const phoneText = z
  .string()
  .transform((text, ctx) => {
    const checked = checkPhone(text, { skipPhoneCheck: false });
    if (checked.ok) return checked.phone;
    ctx.addIssue({ code: 'custom', message: checked.message });
    return z.NEVER;
  })
  .meta({ example: '+12025550100' });
