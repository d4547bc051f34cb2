import dns from 'node:dns';
import net, { type LookupFunction } from 'node:net';
import type { EgressRules } from './egress-rules.js';

type ResolvedAddress = { address: string; family: number };
/** @throws Error with a `code` when the name has no address */
export type ResolveHost = (host: string) => Promise<ResolvedAddress[]>;

const TRIES = 2;
const TRY_TIMEOUT_MS = 2_000;

/** The name stands for no address that may be connected to. */
class AddressNotAllowedError extends Error {
  override readonly name = 'AddressNotAllowedError';
  readonly code = 'ADDRESS_NOT_ALLOWED';
}

/**
 * Asks the name servers. Not the operating system, as Node does otherwise: it answers four questions at a time for the
 * whole process, so that a name whose servers are silent would hold up everybody's calls.
 */
export function createResolver(servers?: readonly string[]): ResolveHost {
  const resolver = new dns.promises.Resolver({ timeout: TRY_TIMEOUT_MS, tries: TRIES });
  if (servers) resolver.setServers(servers);
  return async (host) => {
    const [four, six] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
    const found = [addressesOf(four, 4), addressesOf(six, 6)].flat();
    if (found.length === 0 && four.status === 'rejected') throw four.reason;
    return found;
  };
}

/** As the operating system resolves it, /etc/hosts included: for names that the installation means. */
export async function resolveBySystem(host: string): Promise<ResolvedAddress[]> {
  return dns.promises.lookup(host, { all: true });
}

/**
 * What a connection asks for the addresses of its host: gives only those that may be connected to. The addresses that are
 * checked are the ones that are connected to, so a name that changes in between changes nothing.
 */
export function checkedLookup(
  target: { host: string; port: number },
  { rules, resolve }: { rules: EgressRules; resolve: ResolveHost },
): LookupFunction {
  return (_host, options, callback) => {
    resolve(target.host).then(
      (found) => {
        const allowed = found.filter(({ address }) => rules.isAllowed({ ...target, address }));
        const [first] = allowed;
        if (!first) callback(new AddressNotAllowedError(), '', 0);
        else if (options.all) callback(null, allowed);
        else callback(null, first.address, first.family);
      },
      (err: NodeJS.ErrnoException) => callback(err, '', 0),
    );
  };
}

function addressesOf(answer: PromiseSettledResult<string[]>, family: 4 | 6): ResolvedAddress[] {
  if (answer.status === 'rejected') return [];
  return answer.value.filter((address) => net.isIP(address) === family).map((address) => ({ address, family }));
}
