import { z } from 'zod';
import { idOut, time } from './fields.js';

export const phoneNumberSchema = z
  .object({
    id: idOut('phoneNumber'),
    providerAccountId: idOut('providerAccount'),
    phoneNumber: z.string(),
    label: z.string().nullable(),
    outbound: z.boolean(),
    outboundAgentId: idOut('agent').nullable(),
    concurrency: z.int().nullable(),
    callsPerSecond: z.int().nullable(),
    backedOffUntil: time.nullable().meta({
      description:
        'The provider refused calls: until when none starts; later one at a time, until one is accepted, then more and more',
    }),
    callCeiling: z
      .int()
      .nullable()
      .meta({ description: 'How many live calls it may have after such a refusal; rises by itself; null: no ceiling' }),
    disabled: z.boolean(),
    createdAt: time,
  })
  .meta({ id: 'PhoneNumber' });
