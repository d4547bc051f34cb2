import type { LiveEvent } from '../../../client/index.js';

/** How often a hidden page is brought up to date: enough for its title. */
const HIDDEN_EVERY_MS = 5_000;
/** What a hidden page needs; the rest waits until it is seen. */
const NEEDED_HIDDEN: readonly string[] = ['batch', 'batchDeleted'];

/**
 * Passes live events on: at once while the page is seen. While it is hidden the last one of each thing is kept, and what its title
 * needs is passed on every few seconds: nothing is drawn or read for a page that nobody sees.
 */
export function holdWhileHidden(apply: (event: LiveEvent) => void, signal: AbortSignal): (event: LiveEvent) => void {
  const held = new Map<string, LiveEvent>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const pass = (isDue: (event: LiveEvent) => boolean): void => {
    clearTimeout(timer);
    timer = undefined;
    for (const [key, event] of held)
      if (isDue(event)) {
        held.delete(key);
        apply(event);
      }
  };
  document.addEventListener('visibilitychange', () => !document.hidden && pass(() => true), { signal });
  signal.addEventListener('abort', () => clearTimeout(timer));
  return (event) => {
    if (!document.hidden) return apply(event);
    const key = `${event.name} ${String(event.data['id'] ?? '')}`;
    // Anew at the end: they are passed on in the order of their last ones.
    held.delete(key);
    held.set(key, event);
    timer ??= setTimeout(() => pass(({ name }) => NEEDED_HIDDEN.includes(name)), HIDDEN_EVERY_MS);
  };
}
