import type { ProviderAccountSettings, TelephonyProvider } from './provider.js';
import { PROVIDER_KINDS, providerKind } from './registry.js';
import type { Sender } from './send-request.js';

/** There is no adapter for this kind of provider account. */
export class UnknownProviderError extends Error {
  override readonly name = 'UnknownProviderError';
  readonly code = 'UNKNOWN_PROVIDER';
}

/** What an account has stored is not what its kind wants in this release. */
export class NotCredentialsError extends Error {
  override readonly name = 'NotCredentialsError';
  readonly code = 'NOT_CREDENTIALS';
}

/** What this installation does not allow of an account, and why. */
type AccountProblem = { field: 'kind' | 'baseUrl'; why: string };

/**
 * The adapter for an account, by its kind. Connects to nothing. Through an account that this installation does not allow
 * (any more) nothing is sent; its events are read all the same. @throws UnknownProviderError,
 * NotCredentialsError
 */
export function createProvider(account: ProviderAccountSettings, sender: Sender): TelephonyProvider {
  const known = providerKind(account.kind);
  if (!known)
    throw new UnknownProviderError(
      `There is no provider of kind '${account.kind}'; use one of: ${PROVIDER_KINDS.join(', ')}`,
    );
  const read = known.credentials.safeParse(account.credentials);
  if (!read.success)
    throw new NotCredentialsError(
      `The stored credentials are not those of kind ${known.kind}: ${Object.keys(known.credentials.shape).join(', ')}. PATCH the account with all of them.`,
    );
  const problem = problemOfAccount(account, sender);
  const send: Sender['send'] =
    problem === null ? sender.send : async () => ({ is: 'not-sent', why: `its ${problem.field} ${problem.why}` });
  const credentials = read.data as never; // by the schema of the kind that takes them
  const adapter = known.create({ baseUrl: account.baseUrl, credentials }, send);
  return {
    ...adapter,
    traits: { ...known.traits, settleDelayMs: account.settleDelayMs ?? known.traits.settleDelayMs },
  };
}

export function problemOfAccount(
  { kind, baseUrl }: Pick<ProviderAccountSettings, 'kind' | 'baseUrl'>,
  sender: Pick<Sender, 'problemOf' | 'allowSimulator'>,
): AccountProblem | null {
  if (providerKind(kind)?.isSimulated && !sender.allowSimulator)
    return { field: 'kind', why: 'is simulator: this installation allows no simulated carrier (DIALWRIGHT_SIMULATOR)' };
  const why = sender.problemOf(baseUrl);
  return why === null ? null : { field: 'baseUrl', why };
}
