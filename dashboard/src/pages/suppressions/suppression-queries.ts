import { answered, api } from '../../api/client.js';
import { keys, usePages } from '../../api/queries.js';

const PER_PAGE = 100;

/** Names of what is read again when numbers were added or removed: the list, and how many there are. */
export const AGAIN = [keys.suppressions, keys.workspace] as const;

/** All suppressed numbers, or those that `text` is found in. */
export function useSuppressions(text: string) {
  return usePages([...keys.suppressions, text], (at, signal) =>
    text === ''
      ? answered(api.GET('/v1/suppressions', { params: { query: { limit: PER_PAGE, ...at } }, signal }))
      : answered(api.POST('/v1/suppressions/search', { body: { text, limit: PER_PAGE, ...at }, signal })),
  );
}

/** What was added, in words. */
export function wordsForAdded({ added, alreadyThere }: { added: number; alreadyThere: number }): string {
  const there = alreadyThere > 0 ? ` ${alreadyThere} were there already.` : '';
  return `${added === 1 ? '1 number was' : `${added} numbers were`} added.${there}`;
}
