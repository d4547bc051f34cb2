import { z } from 'zod';
import { readPhoneSearch } from '../../../domain/recipients/phone-search.js';
import { searchRecipients } from '../../../store/recipients/read-recipients.js';
import { requireBatch } from '../../actions/change-batch.js';
import { defineOperation } from '../../http/operation.js';
import { idIn } from '../../schemas/fields.js';
import { recipientSchema } from '../../schemas/recipient-schemas.js';
import { CURSOR_NUMBER, pageOf, readCursor, toPageInSlices } from '../../http/paging.js';
import { showRecipient } from '../../actions/show-recipient.js';

export const searchRecipientsOperation = defineOperation({
  id: 'searchRecipients',
  method: 'post',
  path: '/v1/batches/{batchId}/recipients/search',
  summary: 'Search recipients by phone or name',
  description:
    'A POST, so that no number and no name gets into an address or a log. A whole number is looked up; anything else is searched in phones and names, whatever its case, accents, apostrophes, Arabic letter forms and digits. `00` is `+`.',
  tag: 'recipients',
  role: 'viewer',
  work: 'search',
  params: z.object({ batchId: idIn('batch') }),
  body: z.strictObject({
    text: z
      .string()
      .trim()
      .min(1, 'a text to search for is needed')
      .max(100)
      .refine((text) => !text.includes('\0'), 'must not contain a NUL character'),
    limit: z.int().min(1).max(200).default(50),
    cursor: z.string().max(500).optional(),
  }),
  responses: { 200: { description: 'A page of recipients', schema: pageOf(recipientSchema) } },
  errors: ['holidays_not_ready'],
  async handler({ auth, params, body, deps }) {
    const cursor = readCursor(body.cursor, [CURSOR_NUMBER]);
    const batch = await requireBatch({ deps, auth }, params.batchId);
    const number = readPhoneSearch(body.text);
    const phonePart = number?.part ?? body.text;
    const page = { text: body.text, phonePart, after: cursor?.[0] ?? null, limit: body.limit + 1 };
    let rows = await searchRecipients(deps.db.pool, batch, { ...page, phone: number?.whole ?? null });
    // Not a whole number after all: the beginning of a longer one.
    if (number?.whole && rows.length === 0)
      rows = await searchRecipients(deps.db.pool, batch, { ...page, phone: null });
    return {
      status: 200,
      body: await toPageInSlices(
        rows,
        body.limit,
        (row) => showRecipient(batch, row),
        (row) => [row.ordinal],
      ),
    };
  },
});
