import { useCallback } from 'react';
import { useSearchParams } from 'react-router';

/** What each name of the address is to be: a value, several, or none, which an empty text is too. */
export type AddressChanges = Readonly<Record<string, string | readonly string[] | null>>;

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

function changed(params: URLSearchParams, changes: AddressChanges): URLSearchParams {
  for (const [name, values] of Object.entries(changes)) {
    params.delete(name);
    for (const value of [values ?? []].flat()) if (value !== '') params.append(name, value);
  }
  return params;
}
