import { publicId } from '../domain/ids.js';
import type { Logger } from '../platform/logger.js';
import { lookAgain, noteAbsent, type UnsettledAttempt } from '../store/attempts/settle-attempts.js';
import { acceptCalls } from '../store/calls/answer-call.js';
import type { Database } from '../store/database.js';
import { recordFacts } from '../store/facts/record-facts.js';
import type { FoundCall, TelephonyProvider } from '../telephony/provider.js';
import type { ProviderDirectory } from '../telephony/provider-directory.js';
import type { Page, Pages } from './look-up-pages.js';

export type QuestionDeps = {
  db: Database;
  logger: Logger;
  providers: ProviderDirectory;
  settings: { settleNextLookMs: number; confirmDelayMs: number; requestTimeoutMs: number };
};

/** What the settler asks of providers, and what it writes of their answers, each with its precondition. */
export function createQuestions({ db, logger, providers, settings }: QuestionDeps, pages: Pages) {
  return { askAbout, askAboutPage };

  /** @returns whether the provider answered */
  async function askAbout(attempt: UnsettledAttempt): Promise<boolean> {
    const { attemptId, providerAccountId, hangUpCallId } = attempt;
    const provider = await providers.of(providerAccountId, attempt.identityVersion);
    if (hangUpCallId) await hangUp(provider, attemptId, hangUpCallId);
    const answer = await provider.lookUp(referenceOf(attempt), settings.requestTimeoutMs);
    if (answer.is === 'found') {
      await acceptCalls(db.pool, [{ attemptId, callId: answer.callId }]);
      await recordFacts(db.pool, providerAccountId, answer.facts);
    } else if (answer.is === 'absent' && provider.traits.lookUp === 'history') {
      await noteAbsent(db.pool, attemptId, provider.traits.settleDelayMs, settings.confirmDelayMs);
    } else if (answer.is === 'no-answer') {
      logger.info({ attemptId, why: answer.why }, 'the provider could not be asked about a call');
      await lookAgain(db.pool, [attemptId], settings.settleNextLookMs);
    }
    return answer.is !== 'no-answer';
  }

  /**
   * Live calls of one account, by one question. Whoever it does not settle is asked for alone, at once.
   * @returns whether the provider answered
   */
  async function askAboutPage(page: Page): Promise<boolean> {
    const [{ providerAccountId, identityVersion }] = page;
    const provider = await providers.of(providerAccountId, identityVersion);
    const answer = await provider.lookUpPage!(page.map(referenceOf), settings.requestTimeoutMs); // its kind has pages
    const settled = answer.is === 'listed' ? await writeFound(page, answer.found) : new Set<string>();
    const left = page.map(({ attemptId }) => attemptId).filter((attemptId) => !settled.has(attemptId));
    if (left.length > 0) {
      pages.askAlone(providerAccountId);
      const why = answer.is === 'listed' ? 'the list did not settle them' : answer.why;
      logger.info({ calls: left.length, why }, 'live calls are asked for one by one for a while');
      await lookAgain(db.pool, left, 0);
    }
    return answer.is === 'listed';
  }

  /** @returns the attempts of which a call was found and written: none when writing fails, since one may spoil it for all */
  async function writeFound(page: Page, found: readonly FoundCall[]): Promise<ReadonlySet<string>> {
    const [{ providerAccountId }] = page;
    const callIds = new Map(found.map(({ reference, callId }) => [reference, callId]));
    const calls = page.flatMap((attempt) => {
      const callId = callIds.get(referenceOf(attempt));
      return callId === undefined ? [] : [{ attemptId: attempt.attemptId, callId }];
    });
    const facts = found.flatMap((call) => call.facts);
    try {
      await acceptCalls(db.pool, calls);
      await recordFacts(db.pool, providerAccountId, facts);
      return new Set(calls.map(({ attemptId }) => attemptId));
    } catch (err) {
      logger.warn({ err, calls: calls.length }, 'could not write what was found of several calls');
      return new Set();
    }
  }

  /** Its end is told by webhook or look-up, as with any call. */
  async function hangUp(provider: TelephonyProvider, attemptId: string, callId: string): Promise<void> {
    const answer = await provider.hangUp(callId, settings.requestTimeoutMs);
    if (answer.is === 'no-answer') logger.warn({ attemptId, why: answer.why }, 'could not hang up; trying again');
  }
}

function referenceOf({ attemptId }: UnsettledAttempt): string {
  return publicId('attempt', attemptId);
}
