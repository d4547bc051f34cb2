import { useCallback } from 'react';
import { useSearchParams } from 'react-router';

type Values = string | readonly string[] | null;
/** What each name of the address is to be: a value, several, or none, which an empty text is too; or that, of what it has. */
export type AddressChanges = Readonly<Record<string, Values | ((now: readonly string[]) => Values)>>;

/**
 * What the address says after its `?`, and a way to change some of it. A change starts from the address as it is, and not as the
 * page was last drawn: two quick ones are both kept.
 */
export function useAddress(): [URLSearchParams, (changes: AddressChanges) => void] {
  const [params, setParams] = useSearchParams();
  const change = useCallback(
    (changes: AddressChanges) => setParams(changed(new URLSearchParams(window.location.search), changes)),
    [setParams],
  );
  return [params, change];
}

/**
 * What was chosen and taken away among several values since the page was drawn with some of them. Two quick choices each know
 * those that were drawn only.
 */
export function chosenSince(drawn: readonly string[], next: readonly string[]) {
  const chosen = next.filter((value) => !drawn.includes(value));
  const kept = (value: string): boolean => next.includes(value) || !drawn.includes(value);
  return (now: readonly string[]): string[] => [...new Set([...now.filter(kept), ...chosen])];
}

function changed(params: URLSearchParams, changes: AddressChanges): URLSearchParams {
  for (const [name, to] of Object.entries(changes)) {
    const values = typeof to === 'function' ? to(params.getAll(name)) : to;
    params.delete(name);
    for (const value of [values ?? []].flat()) if (value !== '') params.append(name, value);
  }
  return params;
}
