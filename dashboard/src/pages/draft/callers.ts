import { useQuery } from '@tanstack/react-query';
import { everyOf } from '../../../../client/pages.js';
import { api, type Schemas } from '../../api/client.js';
import { keys } from '../../api/queries.js';

type PhoneNumber = Schemas['PhoneNumber'];
type Agent = Schemas['Agent'];
type Account = Schemas['ProviderAccount'];

/** Something that may be chosen, or why not. */
export type Choice<Thing> = { thing: Thing; account: Account | undefined; whyNot: string | null };
export type Callers = { numbers: Choice<PhoneNumber>[]; agents: Choice<Agent>[] };

const PER_PAGE = 200;
const query = (cursor: string | undefined) => ({
  params: { query: { limit: PER_PAGE, ...(cursor !== undefined && { cursor }) } },
});

/** All numbers and agents, those that cannot be chosen too. Undefined while they are read. */
export function useCallers(): { callers: Callers | undefined; error: Error | null; again: () => void } {
  const numbers = useQuery({
    queryKey: [...keys.phoneNumbers, 'all'],
    queryFn: () => all(everyOf((cursor) => api.GET('/v1/phone-numbers', query(cursor)))),
  });
  const agents = useQuery({
    queryKey: [...keys.agents, 'all'],
    queryFn: () => all(everyOf((cursor) => api.GET('/v1/agents', query(cursor)))),
  });
  const accounts = useQuery({
    queryKey: [...keys.providerAccounts, 'all'],
    queryFn: () => all(everyOf((cursor) => api.GET('/v1/provider-accounts', query(cursor)))),
  });
  const reads = [numbers, agents, accounts];
  return {
    callers:
      numbers.data && agents.data && accounts.data ? callersOf(numbers.data, agents.data, accounts.data) : undefined,
    error: reads.find(({ isLoadingError }) => isLoadingError)?.error ?? null,
    again: () => reads.forEach(({ isError, refetch }) => void (isError && refetch())),
  };
}

async function all<Thing>(things: AsyncGenerator<Thing, void, undefined>): Promise<Thing[]> {
  const found: Thing[] = [];
  for await (const thing of things) found.push(thing);
  return found;
}

function callersOf(numbers: PhoneNumber[], agents: Agent[], accounts: Account[]): Callers {
  const accountOf = ({ providerAccountId }: { providerAccountId: string }): Account | undefined =>
    accounts.find(({ id }) => id === providerAccountId);
  return {
    numbers: numbers.map((thing) => {
      const account = accountOf(thing);
      const whyNot = !thing.outbound ? 'It cannot call out.' : thing.disabled ? 'It is disabled.' : whyNotBy(account);
      return { thing, account, whyNot };
    }),
    agents: agents.map((thing) => {
      const account = accountOf(thing);
      return { thing, account, whyNot: thing.disabled ? 'It is disabled.' : whyNotBy(account) };
    }),
  };
}

function whyNotBy(account: Account | undefined): string | null {
  if (account?.disabled) return `Its provider account “${account.name}” is disabled.`;
  if (account?.needsCredentials) return `Its provider account “${account.name}” needs its credentials again.`;
  return account?.notAllowed ?? null;
}

/** The number that is chosen where there is no choice. */
export function soleNumber({ numbers }: Callers): PhoneNumber | null {
  const [first, second] = numbers.filter(({ whyNot }) => whyNot === null);
  return first && !second ? first.thing : null;
}

/** The agent that a number calls with unless another is chosen; null: none that can be. */
export function boundAgent({ agents }: Callers, number: PhoneNumber | null | undefined): Agent | null {
  const found = agents.find(({ thing }) => thing.id === number?.outboundAgentId);
  return found && found.whyNot === null ? found.thing : null;
}
