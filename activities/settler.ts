import { publicId } from '../domain/ids.js';
import type { Logger } from '../platform/logger.js';
import { startLoop, type Loop } from '../platform/loop.js';
import { acceptCalls } from '../store/calls/answer-call.js';
import type { Database } from '../store/database.js';
import { recordFacts } from '../store/facts/record-facts.js';
import { matchStrays, noteAbsent, takeUnsettled, type UnsettledAttempt } from '../store/attempts/settle-attempts.js';
import type { TelephonyProvider } from '../telephony/provider.js';
import type { ProviderDirectory } from '../telephony/provider-directory.js';

type SettlerDeps = {
  db: Database;
  logger: Logger;
  providers: ProviderDirectory;
  settings: { settleIntervalMs: number; settleNextLookMs: number; confirmDelayMs: number; requestTimeoutMs: number };
};

/** Attempts that one process asks about at the same time. */
const ASKING_MAX = 50;

/**
 * Settles what webhooks never reported: calls that may or may not exist, and live calls of which nothing was heard for a
 * while. It asks the provider and writes what it says, with preconditions; any number of settlers may run. It hangs up
 * calls for which that was asked. If the process dies between look and write, the attempt's next look is due a little
 * later, in any process.
 */
export function startSettler({ db, logger, providers, settings }: SettlerDeps): Loop {
  const asking = new Set<Promise<void>>();
  const loop = startLoop(settings.settleIntervalMs, settleMore, (err) =>
    logger.warn({ err }, 'settling failed; it will be tried again'),
  );
  return {
    async stop() {
      await loop.stop();
      await Promise.all(asking);
    },
  };

  /** Waits for no answer: a provider that is slow holds up nobody else's calls. */
  async function settleMore(): Promise<void> {
    for (const attempt of await takeUnsettled(db.pool, ASKING_MAX - asking.size, settings.settleNextLookMs)) {
      const settled = settle(attempt)
        .catch((err: unknown) => logger.warn({ err, attemptId: attempt.attemptId }, 'could not settle'))
        .finally(() => asking.delete(settled));
      asking.add(settled);
    }
    await matchStrays(db.pool);
  }

  async function settle(attempt: UnsettledAttempt): Promise<void> {
    const { attemptId, providerAccountId, hangUpCallId } = attempt;
    const provider = await providers.of(providerAccountId, attempt.identityVersion);
    if (hangUpCallId) await hangUp(provider, attemptId, hangUpCallId);
    const answer = await provider.lookUp(publicId('attempt', attemptId), settings.requestTimeoutMs);
    if (answer.is === 'found') {
      await acceptCalls(db.pool, [{ attemptId, callId: answer.callId }]);
      await recordFacts(db.pool, providerAccountId, answer.facts);
    } else if (answer.is === 'absent' && provider.traits.lookUp === 'history') {
      await noteAbsent(db.pool, attemptId, provider.traits.settleDelayMs, settings.confirmDelayMs);
    } else if (answer.is === 'no-answer') {
      logger.info({ attemptId, why: answer.why }, 'the provider could not be asked about a call');
    }
  }

  /** Its end is told by webhook or look-up, as with any call. */
  async function hangUp(provider: TelephonyProvider, attemptId: string, callId: string): Promise<void> {
    const answer = await provider.hangUp(callId, settings.requestTimeoutMs);
    if (answer.is === 'no-answer') logger.warn({ attemptId, why: answer.why }, 'could not hang up; trying again');
  }
}
