import { z } from 'zod';
import { BATCH_NAME_LENGTH_MAX, idSchema } from '../../domain/batches/request.js';
import { exampleId, ID_PREFIXES, type IdKind } from '../../domain/ids.js';
import { checkPhone } from '../../domain/recipients/phone.js';

/** A public id as it comes in: parsed to its uuid. */
export function idIn(kind: IdKind) {
  return idSchema(kind);
}

/** A public id as it goes out. */
export function idOut(kind: IdKind) {
  return z
    .string()
    .regex(new RegExp(`^${ID_PREFIXES[kind]}_[0-9a-f]{32}$`))
    .meta({ example: exampleId(kind) });
}

export const time = z.iso.datetime();

/** A time as it comes in, with its offset. */
export const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

export const emptyBody = z.strictObject({}).optional();

export const count = z.int().min(0);

/** Why a call is not made now: the reasons of `domain/reasons.ts`. */
export const waitSchema = z.object({
  reason: z.string(),
  until: time.nullable(),
  message: z.string(),
  advice: z.string().nullable().meta({ description: 'What an operator can do' }),
  blockedBy: z
    .object({
      kind: z.enum(['workspace', 'batch', 'phoneNumber', 'providerAccount', 'agent']),
      id: z.string().nullable().meta({ description: 'Null for the workspace, of which a key sees one' }),
    })
    .nullable()
    .meta({ description: 'What has to change before a call is made; null: nothing but time' }),
});

const TEXT_LENGTH_MAX = 200;

const isStorable = (text: string): boolean => !/[\0\p{Cs}]/u.test(text);
const NOT_STORABLE = 'must not contain a NUL or a broken character';

/** What a list is filtered by: compared as it is. */
export const filterText = z.string().max(100).refine(isStorable, NOT_STORABLE);

export const shortText = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(TEXT_LENGTH_MAX, `has at most ${TEXT_LENGTH_MAX} characters`)
  .refine(isStorable, NOT_STORABLE);

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
