import { useQuery } from '@tanstack/react-query';
import { everyOf } from '../../../client/index.js';
import { api } from './client.js';
import { keys } from './queries.js';

const PER_PAGE = 200;
/** More is no list to choose from. */
const CHOICES_MAX = 1_000;

/** All numbers of the workspace, to choose from. */
export function useAllNumbers() {
  return useAll(keys.phoneNumbers, (cursor) => api.GET('/v1/phone-numbers', pageAt(cursor)));
}

/** All agents of the workspace, to choose from. */
export function useAllAgents() {
  return useAll(keys.agents, (cursor) => api.GET('/v1/agents', pageAt(cursor)));
}

/** All provider accounts of the workspace. */
export function useAllAccounts() {
  return useAll(keys.providerAccounts, (cursor) => api.GET('/v1/provider-accounts', pageAt(cursor)));
}

function pageAt(cursor: string | undefined) {
  return { params: { query: { limit: PER_PAGE, ...(cursor !== undefined && { cursor }) } } };
}

function useAll<T>(key: readonly string[], ask: Parameters<typeof everyOf<T>>[0]) {
  return useQuery({
    queryKey: [...key, 'all'],
    queryFn: async () => {
      const all: T[] = [];
      for await (const each of everyOf(ask)) if (all.push(each) >= CHOICES_MAX) break;
      return all;
    },
  });
}
