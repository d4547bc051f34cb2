import { z } from 'zod';
import { removeSuppressions } from '../../../store/workspaces/suppressions.js';
import { defineOperation } from '../../http/operation.js';
import { checkPhones, phoneNumbersInput } from '../../actions/check-phones.js';

import { requireReading } from '../../actions/require-reading.js';
import { phoneReadingFields } from '../../schemas/phone-reading-schemas.js';

const count = z.int().min(0);

export const removeSuppressionsOperation = defineOperation({
  id: 'removeSuppressions',
  method: 'post',
  path: '/v1/suppressions/remove',
  summary: 'Allow numbers again',
  description:
    'All of them, or none. A POST, so that no number gets into an address or a log. Recipients that are SUPPRESSED already stay so.',
  tag: 'suppressions',
  role: 'admin',
  body: z.strictObject({ phoneNumbers: phoneNumbersInput, ...phoneReadingFields }),
  responses: {
    200: { description: 'How many were removed', schema: z.object({ removed: count, notThere: count }) },
  },
  async handler({ auth, body, deps, command }) {
    const { phones } = await checkPhones(body.phoneNumbers, requireReading(body));
    const keys = [...new Set(phones.map(({ key }) => key))];
    const { actor } = auth;
    const removed = await removeSuppressions(
      deps.db.pool,
      { workspaceId: auth.workspaceId, actor, commandId: command.id },
      keys,
    );
    return { status: 200, body: { removed, notThere: keys.length - removed } };
  },
});
