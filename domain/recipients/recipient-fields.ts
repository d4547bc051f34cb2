import { z } from 'zod';

const texts = z.record(z.string(), z.string());

/** The fields of a recipient in a request: their names and their kinds. What is in them is checked by `checkRecipient`, for rows too. */
export const recipientFields = z.strictObject({
  phoneNumber: z.string().meta({ example: '+12025550123' }),
  name: z.string().nullable().optional(),
  variables: texts.nullable().optional(),
  metadata: z.record(z.string(), z.unknown()).nullable().optional(),
  customSipHeaders: texts.nullable().optional(),
  ignoreE164Validation: z.boolean().optional(),
  overrideAgentId: z.string().nullable().optional(),
  overrideAgentVersion: z.string().nullable().optional(),
  timeZone: z
    .string()
    .nullable()
    .optional()
    .meta({
      ...{ format: 'iana-time-zone', example: 'America/New_York' },
      description: 'An IANA time zone by area and city, or UTC. Only in a batch with hoursIn "recipient"',
    }),
  notBefore: z.string().nullable().optional().meta({ format: 'date-time' }),
  notAfter: z.string().nullable().optional().meta({ format: 'date-time' }),
});
