import { z } from 'zod';
import { PHONE_DIGITS_MIN } from '../../../domain/recipients/phone.js';
import { readPhoneSearch } from '../../../domain/recipients/phone-search.js';
import { checkSuppressedPhone } from '../../../domain/recipients/suppression-rows.js';
import { findSuppression, searchSuppressions } from '../../../store/workspaces/suppressions.js';
import { defineOperation } from '../../http/operation.js';
import { pageOf, toPage } from '../../http/paging.js';
import { shortText } from '../../schemas/fields.js';
import { requireReading } from '../../actions/require-reading.js';
import { phoneReadingFields } from '../../schemas/phone-reading-schemas.js';
import { ApiError } from '../../http/errors.js';
import { cursorOf, readAfter, suppressionSchema, toSuppressionView } from '../../views/suppression-view.js';

const LIMIT_MAX = 200;

export const searchSuppressionsOperation = defineOperation({
  id: 'searchSuppressions',
  method: 'post',
  path: '/v1/suppressions/search',
  summary: 'Search suppressed numbers',
  description:
    'A POST, so that no number gets into an address or a log. A whole number is looked up, one without + in its `defaultCountry`; anything else is searched in numbers and reasons, newest first.',
  tag: 'suppressions',
  role: 'viewer',
  work: 'search',
  body: z.strictObject({
    text: shortText,
    limit: z.int().min(1).max(LIMIT_MAX).default(50),
    cursor: z.string().max(500).optional(),
    ...phoneReadingFields,
  }),
  responses: { 200: { description: 'A page', schema: pageOf(suppressionSchema) } },
  async handler({ auth, body, deps }) {
    const { pool } = deps.db;
    const after = readAfter(body.cursor);
    const number = readPhoneSearch(body.text);
    const whole = checkSuppressedPhone(number?.whole ?? body.text, requireReading(body));
    const found = whole.ok && whole.isE164 ? await findSuppression(pool, auth.workspaceId, whole.key) : null;
    if (found) return { status: 200, body: toPage([found], body.limit, toSuppressionView, cursorOf) };
    const phonePart = number?.part ?? body.text;
    const page = { after, limit: body.limit + 1 };
    const rows = await searchSuppressions(pool, auth.workspaceId, { ...page, text: body.text, phonePart });
    // Nothing was found, which of a number that cannot be told says nothing.
    const isUntold = !whole.ok && number !== null && phonePart.length >= PHONE_DIGITS_MIN;
    if (rows.length === 0 && isUntold && after === null) {
      throw new ApiError('validation_failed', `The search found nothing, and ${whole.message}.`, {
        errors: [{ field: 'text', code: whole.code, message: whole.message }],
      });
    }
    return { status: 200, body: toPage(rows, body.limit, toSuppressionView, cursorOf) };
  },
});
