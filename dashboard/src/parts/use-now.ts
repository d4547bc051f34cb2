import { useEffect, useState } from 'react';

const EVERY_MS = 1_000;

/** The time, each second while `isRunning`; hidden tabs are slowed by the browser itself. */
export function useNow(isRunning: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!isRunning) return undefined;
    const timer = setInterval(() => setNow(Date.now()), EVERY_MS);
    return () => clearInterval(timer);
  }, [isRunning]);
  return now;
}
