/** Each tab that is seen holds it, together with the others. */
const LOCK = 'dialwright-seen';

/** Older typings take locks for given; pages that are not secure have none. */
function locksHere(): LockManager | undefined {
  return navigator.locks as LockManager | undefined;
}

/** Tells the other tabs of the browser, until `signal` ends it, whether this one is seen. */
export function tellWhetherSeen(signal: AbortSignal): void {
  let release: () => void = () => undefined;
  const tell = (): void => {
    release();
    if (document.hidden || signal.aborted) return;
    const isOver = new Promise<void>((resolve) => (release = resolve));
    locksHere()
      ?.request(LOCK, { mode: 'shared' }, () => isOver)
      .catch(() => undefined);
  };
  tell();
  document.addEventListener('visibilitychange', tell, { signal });
  signal.addEventListener('abort', () => release());
}

/** Whether a person sees the dashboard in any tab; where the browser cannot tell, in this one. */
export async function isAnyTabSeen(): Promise<boolean> {
  const held = (await locksHere()?.query())?.held;
  return !document.hidden || (held?.some(({ name }) => name === LOCK) ?? false);
}
