import { startLoop, type Loop } from '../platform/loop.js';
import { createAskingRooms, OF_ACCOUNT_MAX } from './asking-rooms.js';
import { createPages, type Page } from './look-up-pages.js';
import { createQuestions, type QuestionDeps } from './questions.js';
import { matchStrays, takeUnsettled } from '../store/attempts/settle-attempts.js';
import { hastenLooks } from '../store/webhooks/webhook-gaps.js';
import { KINDS_WITH_PAGES } from '../telephony/registry.js';

type SettlerDeps = QuestionDeps & { settings: { settleIntervalMs: number } };

/** Looks that are moved in one turn after webhooks were missed. */
const HASTENED_MAX = 5_000;
/** Attempts are taken again at once, while there may be more and there is room to ask, so often in one turn. */
const ROUNDS_MAX = 50;

/**
 * Settles what webhooks never reported: calls that may or may not exist, and live calls of which nothing was heard for a
 * while, at once when webhooks were missed. It asks the provider and writes what it says, with preconditions; any number
 * of settlers may run. It hangs up calls for which that was asked. If the process dies between look and write, the
 * attempt's next look is due a little later, in any process.
 */
export function startSettler({ db, logger, providers, settings }: SettlerDeps): Loop {
  /** Questions under way, by the attempts that they are about. */
  const asking = new Map<string, Promise<void>>();
  const rooms = createAskingRooms();
  const pages = createPages();
  const questions = createQuestions({ db, logger, providers, settings }, pages);
  const report = (err: unknown): void => logger.warn({ err }, 'settling failed; it will be tried again');
  const loop = startLoop(settings.settleIntervalMs, settleMore, report);
  return {
    async stop() {
      await loop.stop();
      await Promise.all(asking.values());
    },
  };

  /** Waits for no answer: a provider that is slow, or never answers, holds up nobody else's calls and no hard end. */
  async function settleMore(): Promise<void> {
    await hastenLooks(db.pool, HASTENED_MAX, KINDS_WITH_PAGES).catch(report);
    for (let round = 0; round < ROUNDS_MAX; round++) {
      const taken = await takeUnsettled(db.pool, rooms.takenMax(), settings.settleNextLookMs, rooms.left());
      for (const page of pages.of(taken.filter(({ attemptId }) => !asking.has(attemptId)))) ask(page);
      if (taken.length < OF_ACCOUNT_MAX) break;
    }
    await matchStrays(db.pool);
  }

  function ask(page: Page): void {
    const [first] = page;
    rooms.begin(first);
    const asked = (page.length > 1 ? questions.askAboutPage(page) : questions.askAbout(first))
      .catch((err: unknown) => {
        logger.warn({ err, attemptId: first.attemptId }, 'could not settle');
        return false;
      })
      .then((isAnswered) => {
        for (const { attemptId } of page) asking.delete(attemptId);
        rooms.end(first, isAnswered);
      });
    for (const { attemptId } of page) asking.set(attemptId, asked);
  }
}
