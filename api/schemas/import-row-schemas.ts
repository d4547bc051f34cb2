import { z } from 'zod';
import { FIELD_CODES } from '../../domain/field-codes.js';
import { recipientSchema } from './recipient-schemas.js';

const importedRecipientSchema = recipientSchema
  .pick({
    ...{ phoneNumber: true, originalPhoneNumber: true, name: true, variables: true, metadata: true },
    ...{ customSipHeaders: true, ignoreE164Validation: true, overrideAgentId: true, overrideAgentVersion: true },
    ...{ notBefore: true, notAfter: true },
  })
  .extend({ timeZone: z.string().nullable().meta({ description: 'Its own, where the row names one that counts' }) });

export const importRowSchema = z
  .object({
    rowNumber: z.int().meta({ description: '1 is the first row below the headers' }),
    accepted: z.boolean(),
    recipient: importedRecipientSchema.nullable().meta({ description: 'What an accepted row becomes; else null' }),
    cells: z
      .record(z.string(), z.string())
      .nullable()
      .meta({
        description: 'The cells of a rejected row by header, as `values` of an edit names them; else null',
        example: { phone_number: '12a', name: 'Ada' },
      }),
    problems: z.array(z.object({ field: z.string(), code: z.enum(FIELD_CODES), message: z.string() })),
  })
  .meta({ id: 'ImportRow' });
