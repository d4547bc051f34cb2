import { z } from 'zod';
import { createProvider } from '../../../telephony/create-provider.js';
import type { TestAnswer } from '../../../telephony/provider.js';
import { requireReachableAccount } from '../../actions/require-reachable-account.js';
import { defineOperation } from '../../http/operation.js';
import { emptyBody, idIn } from '../../schemas/fields.js';

const CREDENTIALS = {
  taken: 'accepted',
  refused: 'refused',
  'no-answer': 'unknown',
} as const satisfies Record<TestAnswer['is'], string>;

export const testProviderAccountOperation = defineOperation({
  id: 'testProviderAccount',
  method: 'post',
  path: '/v1/provider-accounts/{providerAccountId}/test',
  summary: 'Ask the provider whether the credentials of an account are good',
  description: 'One request to the provider, which changes nothing there and nothing here.',
  tag: 'provider accounts',
  role: 'admin',
  work: 'outside',
  params: z.object({ providerAccountId: idIn('providerAccount') }),
  body: emptyBody,
  responses: {
    200: {
      description: 'What the provider said',
      schema: z
        .object({
          credentials: z.enum(CREDENTIALS).meta({
            description: 'unknown: the provider did not answer, or with something else, see `why`',
          }),
          owner: z
            .string()
            .nullable()
            .meta({ description: 'Whose account it is; null where the provider does not say' }),
          why: z.string().nullable().meta({ description: 'Null when they are accepted' }),
        })
        .meta({ id: 'AccountTest' }),
    },
  },
  errors: ['credentials_needed', 'provider_account_not_allowed'],
  async handler({ auth, params, deps }) {
    const account = await requireReachableAccount(deps, auth, params.providerAccountId);
    const answer = await createProvider(account, deps.sender).test(deps.config.settings.requestTimeoutMs);
    const [owner, why] = answer.is === 'taken' ? [answer.owner, null] : [null, answer.why];
    return { status: 200, body: { credentials: CREDENTIALS[answer.is], owner, why } };
  },
});
