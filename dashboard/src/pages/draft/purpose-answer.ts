import { useSyncExternalStore } from 'react';

/** "Neither" looks like no answer on the server: that it was given is kept in this browser. */
const KEY = 'dialwright-purpose-neither:';
const listeners = new Set<() => void>();

/** Whether somebody has said, in this browser, that the calls of a draft are neither. */
export function useIsNeither(batchId: string | undefined): boolean {
  return useSyncExternalStore(subscribe, () => batchId !== undefined && localStorage.getItem(KEY + batchId) !== null);
}

export function setNeither(batchId: string, isNeither: boolean): void {
  if (isNeither) localStorage.setItem(KEY + batchId, 'yes');
  else localStorage.removeItem(KEY + batchId);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
