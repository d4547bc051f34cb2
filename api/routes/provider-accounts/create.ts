import { z } from 'zod';
import { publicId } from '../../../domain/ids.js';
import { createProviderAccount, findProviderAccount } from '../../../store/settings/provider-accounts.js';
import { withoutNulls } from '../../../store/settings/sealed-credentials.js';
import { problemOfAccount } from '../../../telephony/create-provider.js';
import { PROVIDER_KINDS, providerKind } from '../../../telephony/registry.js';
import { accountLimits, credentialsSchema, providerAccountSchema } from '../../schemas/account-schemas.js';
import { refused } from '../../actions/check-caller.js';
import { credentialsForm } from '../../actions/check-credentials.js';
import { notFound } from '../../http/errors.js';
import { defineOperation } from '../../http/operation.js';
import { nameText } from '../../schemas/fields.js';
import { toProviderAccountView } from '../../views/setup-views.js';

/** Webhooks tell; a look now and then finds those that were lost. */
const POLL_INTERVAL_MS = 120_000;
/** Nothing else tells that a call has ended and its slot is free. */
const POLLING_ONLY_INTERVAL_MS = 5_000;

export const createProviderAccountOperation = defineOperation({
  id: 'createProviderAccount',
  method: 'post',
  path: '/v1/provider-accounts',
  summary: 'Add a provider account',
  description:
    'An account at a voice platform. Its credentials are stored encrypted and never shown. Nothing is asked of the provider yet: sync the account to bring in its agents and numbers.',
  tag: 'provider accounts',
  role: 'admin',
  confirmation: 'always',
  work: 'outside',
  body: z.strictObject({
    kind: z.enum(PROVIDER_KINDS),
    name: nameText,
    baseUrl: z.string().trim().max(500).optional().meta({
      description:
        'The address of the platform, where it is not the usual one of its kind: https, at a public address, without ? and #. The installation may name other hosts',
    }),
    credentials: credentialsSchema,
    ringLimitMs: accountLimits.ringLimitMs.default(45_000),
    callLengthMaxMs: accountLimits.callLengthMaxMs.default(3_600_000),
    settleDelayMs: accountLimits.settleDelayMs.default(null),
    pollIntervalMs: accountLimits.pollIntervalMs.optional().meta({
      description: `How often a live call is looked up: ${POLL_INTERVAL_MS} unless said otherwise, or ${POLLING_ONLY_INTERVAL_MS} when no public address is set`,
    }),
  }),
  responses: { 201: { description: 'The account', headers: ['Location'], schema: providerAccountSchema } },
  async handler({ auth, body, deps, command }) {
    const { db, config } = deps;
    const kind = providerKind(body.kind)!; // one of the enum
    const baseUrl = body.baseUrl ?? kind.defaultBaseUrl;
    if (baseUrl === null)
      throw refused('validation_failed', 'baseUrl', `Accounts of kind ${body.kind} need a baseUrl.`);
    const problem = problemOfAccount({ kind: body.kind, baseUrl }, deps.sender);
    if (problem) throw refused('validation_failed', problem.field, `The ${problem.field} ${problem.why}.`);
    const credentials = withoutNulls(body.credentials);
    credentialsForm(body.kind).check(credentials);
    const id = await createProviderAccount(db, config.secretBox, {
      ...body,
      id: command.newId('providerAccount'),
      workspaceId: auth.workspaceId,
      actor: auth.actor,
      baseUrl,
      credentials,
      ringLeadMs: kind.traits.ringLeadMs,
      pollIntervalMs: body.pollIntervalMs ?? (config.publicUrl === null ? POLLING_ONLY_INTERVAL_MS : POLL_INTERVAL_MS),
    });
    const shown = publicId('providerAccount', id);
    const account = await findProviderAccount(db, auth.workspaceId, id);
    if (!account) throw notFound('provider account', shown);
    return {
      status: 201,
      body: toProviderAccountView(account, deps),
      headers: { Location: `/v1/provider-accounts/${shown}` },
    };
  },
});
