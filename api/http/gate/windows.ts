import { createHash } from 'node:crypto';
import { RateLimiterMemory, type RateLimiterAbstract } from 'rate-limiter-flexible';
import type { Database } from '../../../store/database.js';
import { sharedLimiter } from '../../../store/people/shared-limiter.js';

type Window = { keyPrefix: string; points: number; durationS: number };

/** Counts in windows of time: in this process, or together with all others in PostgreSQL (`sharedWith`). */
export function createWindow(
  { keyPrefix, points, durationS }: Window,
  sharedWith: Database | null,
): RateLimiterAbstract {
  const options = { keyPrefix, points, duration: durationS };
  const own = new RateLimiterMemory(options);
  return sharedWith ? sharedLimiter(sharedWith, options, own) : own;
}

/** Takes one back, while the window from which it was taken lasts. */
export type GiveBack = () => Promise<void>;

/** Counts one. @returns what gives it back @throws RateLimiterRes when it is one too many */
export async function takeFrom(window: RateLimiterAbstract, key: string): Promise<GiveBack> {
  const { msBeforeNext } = await window.consume(key);
  const endsAtMs = performance.now() + msBeforeNext;
  return async () => {
    if (performance.now() < endsAtMs) await window.reward(key);
  };
}

/** What is counted, under a name that tells nothing: where processes count together, the table has no e-mail address. */
export function hashedKey(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join(' ')).digest('base64url');
}
