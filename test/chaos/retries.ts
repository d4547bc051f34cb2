import type { Rules } from './evidence.js';

const MINUTE_MS = 60_000;
const RETRY_DELAY_MS = 10_000;

/** Who is called again by itself. */
export const RETRIES: Rules['retries'] = {
  NO_ANSWER: { attempts: 2, delayMs: RETRY_DELAY_MS },
  BUSY: { attempts: 2, delayMs: RETRY_DELAY_MS },
};

/** As the API takes it. */
export function retryPolicyOf(retries: Rules['retries']): Record<string, unknown> {
  return {
    maxAttempts: Math.max(1, ...Object.values(retries).map(({ attempts }) => attempts)),
    outcomes: Object.fromEntries(
      Object.entries(retries).map(([outcome, { attempts, delayMs }]) => [
        outcome,
        { attempts, delayMinutes: delayMs / MINUTE_MS },
      ]),
    ),
  };
}
