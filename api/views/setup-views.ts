import { publicId } from '../../domain/ids.js';
import type { AgentRecord } from '../../store/settings/agents.js';
import type { PhoneNumberRecord } from '../../store/settings/phone-numbers.js';
import type { ProviderAccountRecord } from '../../store/settings/provider-accounts.js';
import { callbackUrl } from '../../telephony/callback-url.js';
import { problemOfAccount } from '../../telephony/create-provider.js';
import type { ApiDeps } from '../http/operation.js';

export function toAgentView({ id, providerAccountId, providerAgentId, name, disabledAt, createdAt }: AgentRecord) {
  return {
    id: publicId('agent', id),
    providerAccountId: publicId('providerAccount', providerAccountId),
    providerAgentId,
    name,
    disabled: disabledAt !== null,
    createdAt: createdAt.toISOString(),
  };
}

export function toPhoneNumberView(number: PhoneNumberRecord) {
  const { phone, label, outbound, outboundAgentId, concurrencyLimit, callsPerSecond } = number;
  return {
    id: publicId('phoneNumber', number.id),
    providerAccountId: publicId('providerAccount', number.providerAccountId),
    phoneNumber: phone,
    label,
    outbound,
    outboundAgentId: outboundAgentId && publicId('agent', outboundAgentId),
    concurrency: concurrencyLimit,
    callsPerSecond,
    backedOffUntil: number.backoffMs > 0 ? number.backedOffUntil.toISOString() : null,
    callCeiling: number.callCeiling,
    disabled: number.disabledAt !== null,
    createdAt: number.createdAt.toISOString(),
  };
}

export function toProviderAccountView(
  account: ProviderAccountRecord,
  { config: { publicUrl }, sender }: Pick<ApiDeps, 'config' | 'sender'>,
) {
  const { kind, name, baseUrl, ringLimitMs, callLengthMaxMs, settleDelayMs, pollIntervalMs } = account;
  const id = publicId('providerAccount', account.id);
  const problem = problemOfAccount(account, sender);
  return {
    id,
    kind,
    name,
    baseUrl,
    mode: publicUrl === null ? ('polling' as const) : ('webhooks' as const),
    webhookUrl: callbackUrl(publicUrl, account.id),
    ringLimitMs,
    callLengthMaxMs,
    settleDelayMs,
    pollIntervalMs,
    disabled: account.disabledAt !== null,
    needsCredentials: account.unreadableAt !== null,
    notAllowed: problem && `Its ${problem.field} ${problem.why}.`,
    createdAt: account.createdAt.toISOString(),
  };
}
