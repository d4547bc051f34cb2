import { z } from 'zod';
import { OUTCOMES } from '../../domain/calls/outcomes.js';
import { recipientFields } from '../../domain/recipients/recipient-fields.js';
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
    attemptCount: count.meta({ description: 'Calls that were made, over all retries of the batch' }),
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

/** Documented by its fields, checked by `domain/recipients/json-recipient.ts`, which reports every recipient's mistakes. */
export const recipientInput = z.unknown().meta({ id: 'RecipientInput', ...asDocumented() });

function asDocumented(): object {
  const { $schema: _version, ...schema } = z.toJSONSchema(recipientFields, { target: 'draft-2020-12' });
  return schema;
}
