import { z } from 'zod';
import { DUPLICATE_KINDS } from '../../store/imports/count-duplicates.js';

const count = z.int().min(0);

/** How far back calls count as recent. */
const DAYS_MAX = 365;
const DAYS_DEFAULT = 30;
const DAYS_DESCRIPTION = 'calledRecently: the number was called in the workspace in the last so many days';
export const daysSchema = z.int().min(1).max(DAYS_MAX).default(DAYS_DEFAULT).meta({ description: DAYS_DESCRIPTION });
export const daysQuery = z.coerce
  .number()
  .int()
  .min(1)
  .max(DAYS_MAX)
  .default(DAYS_DEFAULT)
  .meta({ description: DAYS_DESCRIPTION });

export const duplicateKindSchema = z.enum(DUPLICATE_KINDS).meta({
  description:
    'file: an earlier accepted row has the number. batch: a recipient of the batch has it. calledRecently: it was called in the last days.',
});

export const duplicatesSchema = z
  .object({
    days: z.int(),
    counts: z
      .object({ file: count, batch: count, calledRecently: count, any: count })
      .meta({ description: 'Accepted rows of each kind, over all pages; `any` counts a row of several kinds once' }),
    data: z.array(
      z.object({ rowNumber: z.int(), phoneNumber: z.string(), duplicateOf: z.array(duplicateKindSchema).min(1) }),
    ),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: 'Duplicates' });
