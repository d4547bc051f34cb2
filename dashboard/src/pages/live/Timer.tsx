import { writeDuration } from '../../parts/moments.js';
import { useNow } from '../../parts/use-now.js';

/** How long something has been going on, each second. */
export function Timer({ since }: { since: string }) {
  return <span>{writeDuration(Math.max(0, useNow(true) - Date.parse(since)))}</span>;
}
