import { z } from 'zod';
import { boundedList } from '../../../domain/bounded-list.js';
import { RULE_PACKS } from '../../../domain/hours/rule-packs/rule-packs.js';
import { updateWorkspace } from '../../../store/workspaces/workspaces.js';
import { ApiError } from '../../http/errors.js';
import { defineOperation } from '../../http/operation.js';
import { wakeBatch } from '../../actions/wake-batch.js';
import { nameText } from '../../schemas/fields.js';
import { callsPerSecondInput, concurrencyInput, frequencyCapInput } from '../../schemas/limits.js';
import { readWorkspaceView, workspaceSchema } from '../../views/workspace-view.js';

/** More than there are. */
const RULE_PACKS_MAX = 100;
const RULE_PACK_IDS = RULE_PACKS.map(({ id }) => id);

export const updateWorkspaceOperation = defineOperation({
  id: 'updateWorkspace',
  method: 'patch',
  path: '/v1/workspace',
  summary: 'Change the name, the limits or the rules of the workspace',
  description:
    'What is left out stays; null is no limit. Limits hold from the answer on; live calls above a lower one go on. With a concurrency of 0 no call starts. A member who turns `requiresSecondFactor` on must have one.',
  tag: 'workspace',
  role: 'admin',
  confirmation: {
    when: 'where it turns `requiresSecondFactor` off',
    isNeeded: ({ body }) => body.requiresSecondFactor === false,
  },
  body: z.strictObject({
    name: nameText.optional(),
    concurrency: concurrencyInput(0).optional(),
    callsPerSecond: callsPerSecondInput.nullable().optional(),
    frequencyCap: frequencyCapInput
      .nullable()
      .optional()
      .meta({ description: 'Calls to one number in 24 hours, over all batches' }),
    rulePacks: boundedList(z.array(z.enum(RULE_PACK_IDS)), RULE_PACKS_MAX, `at most ${RULE_PACKS_MAX} rule packs`)
      .nullable()
      .optional()
      .meta({
        description:
          'Rule packs of lawful hours that are on; null: those that are on by default. Batches with a purpose are planned again at once',
      }),
    requiresSecondFactor: z.boolean().optional().meta({
      description: 'Whether members without a second factor get in no further than to set one up. Keys need none',
    }),
  }),
  responses: { 200: { description: 'The workspace as it is now', schema: workspaceSchema } },
  async handler({ auth, body, deps, command }) {
    const { actor, member } = auth;
    const { concurrency: concurrencyLimit, ...others } = body;
    if (body.requiresSecondFactor && member && member.secondFactor !== 'on')
      throw new ApiError(
        'second_factor_required',
        'Set up a second factor of your own first: PUT /v1/session/second-factor. This request would lock you out.',
      );
    const batchIds = await updateWorkspace(
      deps.db.pool,
      { workspaceId: auth.workspaceId, actor, commandId: command.id },
      { ...others, concurrencyLimit },
    );
    await Promise.all(batchIds.map((batchId) => wakeBatch(deps, batchId)));
    return { status: 200, body: await readWorkspaceView(deps, auth) };
  },
});
