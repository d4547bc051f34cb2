import { z } from 'zod';
import { BATCH_NAME_LENGTH_MAX, idSchema } from '../../domain/batches/request.js';
import { exampleId, ID_PREFIXES, type IdKind } from '../../domain/ids.js';
import { instantSchema } from '../../domain/instant.js';
import { REASONS, type ReasonName } from '../../domain/reasons.js';
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

export const emptyBody = z.strictObject({}).optional();

export const count = z.int().min(0);

const REASON_NAMES = Object.keys(REASONS) as ReasonName[];
export const reasonSchema = z
  .enum(REASON_NAMES)
  .meta({ description: 'A word for programs; `message` says it for people' });

/** Why a call is not made now: the reasons of `domain/reasons.ts`. */
export const waitSchema = z.object({
  reason: reasonSchema,
  until: time.nullable(),
  message: z.string(),
  advice: z.string().nullable().meta({ description: 'What an operator can do' }),
  blockedBy: z
    .object({
      kind: z.enum(['workspace', 'batch', 'phoneNumber', 'providerAccount', 'agent']),
      id: z.string().nullable().meta({ description: 'Null for the workspace, of which a key sees one' }),
    })
    .nullable()
    .meta({
      description: 'What has to change before a call is made; null: nothing but time',
      example: { kind: 'batch', id: exampleId('batch') },
    }),
});

const TEXT_LENGTH_MAX = 200;

const isStorable = (text: string): boolean => !/[\0\p{Cs}]/u.test(text);
const NOT_STORABLE = 'must not contain a NUL or a broken character';

const truth = z.stringbool({ truthy: ['true'], falsy: ['false'], case: 'sensitive', error: 'is true or false' });

/** A truth in a query. */
export function booleanQuery(usual: boolean) {
  return truth.default(usual).meta({ type: 'boolean', default: usual });
}

/** The same, where leaving it out is an answer of its own. */
export function optionalBooleanQuery() {
  return truth.optional().meta({ type: 'boolean' });
}

/** Of a CSV that is downloaded. */
export const plainNumbersQuery = booleanQuery(false).meta({
  type: 'boolean',
  default: false,
  description:
    'true: numbers such as +12025550123 and -1 are written as they are, for programs. A spreadsheet takes the + away; by default an apostrophe keeps it',
});

/** Several values of a query: the same parameter several times. */
export function severalOf<const T extends readonly string[]>(values: T) {
  return z.preprocess(
    (sent) => (typeof sent === 'string' ? [sent] : sent),
    z.array(z.enum(values)).max(values.length, 'names some twice'),
  );
}

/** By when the things of a list were made. */
export const createdQuery = {
  createdFrom: instantSchema.optional().meta({ description: 'Those that were made at this instant or later' }),
  createdTo: instantSchema.optional().meta({ description: 'Those that were made before this instant' }),
};

/** What a list is filtered by: compared as it is. */
export const filterText = z.string().max(100).refine(isStorable, NOT_STORABLE);

export const shortText = textUpTo(TEXT_LENGTH_MAX);
export const nameText = textUpTo(BATCH_NAME_LENGTH_MAX);

function textUpTo(lengthMax: number) {
  return z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .max(lengthMax, `has at most ${lengthMax} characters`)
    .refine(isStorable, NOT_STORABLE);
}

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
