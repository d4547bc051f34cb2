import type { UnsettledAttempt } from '../store/attempts/settle-attempts.js';
import { KINDS_WITH_PAGES } from '../telephony/registry.js';

/** Attempts about which one question is asked: one, or live calls of one account. */
export type Page = readonly [UnsettledAttempt, ...UnsettledAttempt[]];

export type Pages = ReturnType<typeof createPages>;

/** After a question about many that did not find them all, those of its account are asked for alone for so long. */
const ALONE_MS = 60_000;

/**
 * Groups attempts into questions. Live calls of an account are asked for together, where its kind finds pages. Alone
 * stays what a page cannot settle: a call that may not exist, whose absence has to be told, and one to hang up.
 */
export function createPages(now: () => number = () => performance.now()) {
  const aloneUntil = new Map<string, number>();
  const key = (attempt: UnsettledAttempt): string => {
    const { attemptId, providerAccountId, providerKind, state, hangUpCallId, identityVersion } = attempt;
    const isOfPage = state === 'IN_PROGRESS' && hangUpCallId === null && KINDS_WITH_PAGES.includes(providerKind);
    return isOfPage && !aloneUntil.has(providerAccountId) ? `${providerAccountId} ${identityVersion}` : attemptId;
  };
  return {
    of(taken: readonly UnsettledAttempt[]): Page[] {
      for (const [account, untilMs] of aloneUntil) if (untilMs <= now()) aloneUntil.delete(account);
      const pages = new Map<string, Page>();
      for (const attempt of taken) {
        const page = pages.get(key(attempt));
        pages.set(key(attempt), page ? [...page, attempt] : [attempt]);
      }
      return [...pages.values()];
    },
    askAlone: (account: string): void => void aloneUntil.set(account, now() + ALONE_MS),
  };
}
