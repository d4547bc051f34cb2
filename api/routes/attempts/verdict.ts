import { z } from 'zod';
import { publicId } from '../../../domain/ids.js';
import { OUTCOMES } from '../../../domain/calls/outcomes.js';
import { VERDICT_WORDS, VERDICTS } from '../../../domain/calls/verdict.js';
import { giveVerdict } from '../../../store/attempts/give-verdict.js';
import { ApiError, notFound } from '../../http/errors.js';
import { defineOperation } from '../../http/operation.js';
import { showCall } from '../../actions/calls/show-call.js';
import { callWithResultSchema } from '../../schemas/call-schemas.js';
import { idIn } from '../../schemas/fields.js';
import { wakeBatch } from '../../actions/wake-batch.js';

export const giveVerdictOperation = defineOperation({
  id: 'giveVerdict',
  method: 'post',
  path: '/v1/attempts/{attemptId}/verdict',
  summary: 'Decide an uncertain attempt',
  description:
    "For an attempt of which neither Dialwright nor the provider can tell whether there was a call. `called` ends it with an outcome, ANSWERED unless given; `not-called` puts the recipient back to waiting; `give-up` ends it as UNCERTAIN, and the recipient is not called again. Look at the provider's own list of calls first: `not-called` on a guess may ring somebody twice. What the provider reports later still corrects it. 409 when the attempt is not UNCERTAIN.",
  tag: 'attempts',
  role: 'operator',
  params: z.object({ attemptId: idIn('attempt') }),
  body: z
    .strictObject({
      verdict: z.enum(VERDICT_WORDS),
      outcome: z.enum(OUTCOMES).optional().meta({ description: 'With `called` only' }),
    })
    .refine(({ verdict, outcome }) => outcome === undefined || verdict === 'called', {
      path: ['outcome'],
      message: 'an outcome goes with the verdict "called" only',
    }),
  responses: { 200: { description: 'The call as it is now', schema: callWithResultSchema } },
  errors: ['attempt_not_uncertain'],
  async handler({ auth, params, body, deps, command }) {
    const answer = await giveVerdict(deps.db.pool, {
      workspaceId: auth.workspaceId,
      attemptId: params.attemptId,
      verdict: VERDICTS[body.verdict],
      outcome: body.verdict === 'called' ? (body.outcome ?? 'ANSWERED') : null,
      actor: auth.actor,
      commandId: command.id,
    });
    const id = publicId('attempt', params.attemptId);
    if (answer.result === 'NOT_FOUND') throw notFound('attempt', id);
    if (answer.result === 'NOT_UNCERTAIN') {
      const message = `The attempt ${id} is ${answer.state}, not UNCERTAIN: there is nothing to decide.`;
      throw new ApiError('attempt_not_uncertain', message, { members: { attemptState: answer.state } });
    }
    await wakeBatch(deps, answer.batchId);
    return { status: 200, body: await showCall(deps.db.pool, auth.workspaceId, params.attemptId) };
  },
});
