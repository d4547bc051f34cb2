import { z } from 'zod';
import { labelFilterSchema } from '../../domain/batches/labels.js';
import type { BatchKind } from '../../domain/batches/status.js';
import { parsePublicId } from '../../domain/ids.js';
import type { BatchSearch } from '../../store/batches/read-batches.js';

const KINDS = { batch: ['BATCH'], test: ['TEST'], all: ['BATCH', 'TEST'] } as const satisfies Record<
  string,
  readonly BatchKind[]
>;

/** What a list of batches and their counts are searched by. */
export const batchSearchQuery = {
  kind: z
    .enum(['batch', 'test', 'all'])
    .default('batch')
    .meta({ description: '`test`: test calls, whose events say who called; `all`: both' }),
  search: z
    .string()
    .trim()
    .max(100)
    .refine((text) => !text.includes('\0'), 'must not contain a NUL character')
    .optional(),
  label: labelFilterSchema.optional().meta({
    type: 'array',
    items: { type: 'string' },
    description: 'A label as `key:value`; several, the parameter several times, find batches that have all of them',
    example: ['team:sales'],
  }),
};
type Asked = z.output<z.ZodObject<typeof batchSearchQuery>>;

/** A whole id finds its batch; any other text is a part of a name. */
export function toBatchSearch({ kind, search, label }: Asked): BatchSearch {
  const batchId = search ? parsePublicId('batch', search) : null;
  return {
    kinds: KINDS[kind],
    nameContains: batchId === null && search ? search : null,
    batchId,
    labels: label,
  };
}
