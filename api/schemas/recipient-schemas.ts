import { z } from 'zod';
import { OUTCOMES } from '../../domain/calls/outcomes.js';
import { timeZoneSchema } from '../../domain/hours/time-zone.js';
import { RECIPIENT_STATUSES } from '../../domain/recipients/status.js';
import { count, idOut, time, waitSchema } from './fields.js';

export const recipientSchema = z
  .object({
    id: idOut('recipient'),
    batchId: idOut('batch'),
    phoneNumber: z.string(),
    originalPhoneNumber: z.string().nullable().meta({ description: 'As it was written, when it was repaired' }),
    name: z.string().nullable(),
    status: z.enum(RECIPIENT_STATUSES),
    waitingFor: waitSchema
      .nullable()
      .meta({ description: 'Why it has not been called yet, and until when that is known to last' }),
    attempts: count.meta({ description: 'Calls that were made, over all retries of the batch' }),
    refusals: count.meta({
      description:
        'Tries without a call: given back before anything was sent, put off by the provider, or proven not placed',
    }),
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
    timeZone: { ...z.globalRegistry.get(timeZoneSchema), type: 'string' },
    notBefore: { type: 'string', format: 'date-time' },
    notAfter: { type: 'string', format: 'date-time' },
  },
});
