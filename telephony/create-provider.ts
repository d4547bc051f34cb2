import type { ProviderAccountSettings, TelephonyProvider } from './provider.js';
import { PROVIDER_KINDS, providerKind } from './registry.js';
import type { Sender } from './send-request.js';

/** There is no adapter for this kind of provider account. */
export class UnknownProviderError extends Error {
  override readonly name = 'UnknownProviderError';
  readonly code = 'UNKNOWN_PROVIDER';
}

/** What this installation does not allow of an account, and why. */
type AccountProblem = { field: 'kind' | 'baseUrl'; why: string };

/**
 * The adapter for an account, by its kind. Connects to nothing. Through an account that this installation does not allow
 * (any more) nothing is sent; its events are read all the same. @throws UnknownProviderError, ZodError for credentials
 * that are not those of the kind
 */
export function createProvider(account: ProviderAccountSettings, sender: Sender): TelephonyProvider {
  const known = providerKind(account.kind);
  if (!known)
    throw new UnknownProviderError(
      `There is no provider of kind '${account.kind}'; use one of: ${PROVIDER_KINDS.join(', ')}`,
    );
  const credentials = known.credentials.parse(account.credentials) as never; // by the schema of the kind that takes them
  const problem = problemOfAccount(account, sender);
  const send: Sender['send'] =
    problem === null ? sender.send : async () => ({ is: 'not-sent', why: `its ${problem.field} ${problem.why}` });
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
