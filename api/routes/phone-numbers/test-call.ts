import { z } from 'zod';
import { publicId } from '../../../domain/ids.js';
import { keyedByName } from '../../../domain/keyed-by-name.js';
import { checkJsonRecipient } from '../../../domain/recipients/json-recipient.js';
import type { RecipientDraft } from '../../../domain/recipients/recipient-row.js';
import { zoneDataVersion } from '../../../platform/zone-data.js';
import { readClock } from '../../../store/read-clock.js';
import { readPhoneNumber } from '../../../store/settings/phone-numbers.js';
import { createTestCall } from '../../../store/calls/test-call.js';
import { checkCaller } from '../../actions/check-caller.js';
import { ApiError, notFound } from '../../http/errors.js';
import { defineOperation } from '../../http/operation.js';
import { idIn, idOut, phoneText } from '../../schemas/fields.js';
import { testCallRefusal } from '../../actions/refuse-test-call.js';
import { takeOverride } from '../../actions/take-override.js';
import { wakeBatch } from '../../actions/wake-batch.js';

const OVERRIDE = { reason: 'A test call with ignoreLawfulHours.' };

const bodySchema = z.strictObject({
  phoneNumber: phoneText,
  agentId: idIn('agent').optional().meta({ description: 'Left out: the outbound agent of the number' }),
  name: z.string().optional(),
  variables: keyedByName(z.string(), z.string()).default({}),
  ignoreLawfulHours: z.boolean().default(false).meta({
    description:
      'Calls outside the lawful hours too, and where nobody knows the place. For admins; kept with who did it',
  }),
});

export const testCallOperation = defineOperation({
  id: 'testCall',
  method: 'post',
  path: '/v1/phone-numbers/{phoneNumberId}/test-call',
  summary: 'Call one number to try an agent',
  description:
    'Calls at once, through the same gate as every call: suppressed numbers, the emergency stop and the limits hold, reserved slots may be used. Only inside the lawful hours of every rule pack that the workspace has on, at the place of the number: 422 with `nextAt` outside them. A few a minute for each workspace: 429 with Retry-After beyond. What becomes of it is at GET /v1/recipients/{recipientId}; GET /v1/batches?kind=test lists test calls.',
  tag: 'phone numbers',
  role: 'operator',
  params: z.object({ phoneNumberId: idIn('phoneNumber') }),
  body: bodySchema,
  responses: {
    202: {
      description: 'The call will be made',
      headers: ['Location'],
      schema: z.object({ batchId: idOut('batch'), recipientId: idOut('recipient') }),
    },
  },
  errors: [
    'from_number_disabled',
    'from_number_inbound_only',
    'agent_not_found',
    'agent_disabled',
    'agent_of_other_account',
    'agent_missing',
    'provider_account_disabled',
    'outside_lawful_hours',
    'place_unknown',
    'too_many_test_calls',
    'settings_changed',
  ],
  async handler({ auth, params, body, deps, command }) {
    const { db } = deps;
    const { workspaceId } = auth;
    const number = await readPhoneNumber(db, workspaceId, params.phoneNumberId);
    if (!number) throw notFound('phone number', publicId('phoneNumber', params.phoneNumberId));
    const caller = await checkCaller(db, workspaceId, { fromNumberId: number.id, agentId: body.agentId ?? null });
    const made = await createTestCall(db, {
      id: command.newId('batch'),
      workspaceId,
      actor: auth.actor,
      ...caller,
      recipient: toRecipient(body),
      lawfulOverride: takeOverride(auth, body.ignoreLawfulHours ? OVERRIDE : null, await readClock(db.pool)),
      perMinuteMax: deps.config.settings.testCallsPerMinuteMax,
      zoneData: zoneDataVersion(),
    });
    if (made.is !== 'made') throw testCallRefusal(made);
    const { batchId, recipientId } = made;
    await wakeBatch(deps, batchId, { startsRun: true });
    const id = publicId('recipient', recipientId);
    return {
      status: 202,
      body: { batchId: publicId('batch', batchId), recipientId: id },
      headers: { Location: `/v1/recipients/${id}` },
    };
  },
});

/** Under the rules of every recipient. @throws ApiError with every mistake */
function toRecipient({ phoneNumber, name, variables }: z.output<typeof bodySchema>): RecipientDraft {
  const checked = checkJsonRecipient({ phoneNumber, name, variables }, { hoursIn: 'batch' });
  if (checked.ok) return checked.recipient;
  const [first] = checked.errors;
  throw new ApiError('validation_failed', `${first?.field ?? 'body'}: ${first?.message ?? 'is not valid'}.`, {
    errors: checked.errors,
  });
}
