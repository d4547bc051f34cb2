import { z } from 'zod';
import {
  addSuppressions,
  SUPPRESSIONS_CHUNK_MAX,
  type NewSuppression,
} from '../../../store/workspaces/suppressions.js';
import { defineOperation } from '../../http/operation.js';
import { shortText } from '../../schemas/fields.js';
import { checkPhones, phoneNumbersInput } from '../../actions/check-phones.js';
import { requireReading } from '../../actions/require-reading.js';
import { phoneReadingFields } from '../../schemas/phone-reading-schemas.js';
import { addedSchema } from '../../views/suppression-view.js';

export const addSuppressionsOperation = defineOperation({
  id: 'addSuppressions',
  method: 'post',
  path: '/v1/suppressions',
  summary: 'Suppress numbers',
  description:
    'Numbers that no batch of the workspace calls. Once it is answered, no further call to one of them starts; waiting recipients become SUPPRESSED at their turn, however their number is spelled. A number without + and country code needs a `defaultCountry`. All of them are added, or none. Adding one that is there changes nothing.',
  tag: 'suppressions',
  role: 'operator',
  body: z.strictObject({
    phoneNumbers: phoneNumbersInput,
    reason: shortText.nullable().default(null),
    ...phoneReadingFields,
  }),
  responses: { 200: { description: 'What was added', schema: addedSchema } },
  async handler({ auth, body, deps, command }) {
    const { phones, notE164 } = await checkPhones(body.phoneNumbers, requireReading(body));
    const record = {
      workspaceId: auth.workspaceId,
      actor: auth.actor,
      commandId: command.id,
      count: phones.length,
    };
    const rows = phones.map((phone) => ({ ...phone, reason: body.reason }));
    const added = await addSuppressions(deps.db, record, chunksOf(rows));
    return { status: 200, body: { added, alreadyThere: phones.length - added, notE164 } };
  },
});

function* chunksOf(rows: readonly NewSuppression[]): Generator<readonly NewSuppression[]> {
  for (let first = 0; first < rows.length; first += SUPPRESSIONS_CHUNK_MAX)
    yield rows.slice(first, first + SUPPRESSIONS_CHUNK_MAX);
}
