import { publicId } from '../domain/ids.js';
import type { Logger } from '../platform/logger.js';
import { startLoop, type Loop } from '../platform/loop.js';
import { createAskingRooms } from './asking-rooms.js';
import { acceptCalls } from '../store/calls/answer-call.js';
import type { Database } from '../store/database.js';
import { recordFacts } from '../store/facts/record-facts.js';
import {
  lookAgain,
  matchStrays,
  noteAbsent,
  takeUnsettled,
  type UnsettledAttempt,
} from '../store/attempts/settle-attempts.js';
import { hastenLooks } from '../store/webhooks/webhook-gaps.js';
import type { TelephonyProvider } from '../telephony/provider.js';
import type { ProviderDirectory } from '../telephony/provider-directory.js';

type SettlerDeps = {
  db: Database;
  logger: Logger;
  providers: ProviderDirectory;
  settings: { settleIntervalMs: number; settleNextLookMs: number; confirmDelayMs: number; requestTimeoutMs: number };
};

/** Looks that are moved in one turn after webhooks were missed. */
const HASTENED_MAX = 5_000;

/**
 * Settles what webhooks never reported: calls that may or may not exist, and live calls of which nothing was heard for a
 * while, at once when webhooks were missed. It asks the provider and writes what it says, with preconditions; any number
 * of settlers may run. It hangs up calls for which that was asked. If the process dies between look and write, the
 * attempt's next look is due a little later, in any process.
 */
export function startSettler({ db, logger, providers, settings }: SettlerDeps): Loop {
  /** By attempt. */
  const asking = new Map<string, Promise<void>>();
  const rooms = createAskingRooms();
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
    await hastenLooks(db.pool, HASTENED_MAX).catch(report);
    const taken = await takeUnsettled(db.pool, rooms.takenMax(), settings.settleNextLookMs, rooms.left());
    for (const attempt of taken) if (!asking.has(attempt.attemptId)) ask(attempt);
    await matchStrays(db.pool);
  }

  function ask(attempt: UnsettledAttempt): void {
    const { attemptId } = attempt;
    rooms.begin(attempt);
    const asked = settle(attempt)
      .catch((err: unknown) => {
        logger.warn({ err, attemptId }, 'could not settle');
        return false;
      })
      .then((isAnswered) => {
        asking.delete(attemptId);
        rooms.end(attempt, isAnswered);
      });
    asking.set(attemptId, asked);
  }

  /** @returns whether the provider answered */
  async function settle(attempt: UnsettledAttempt): Promise<boolean> {
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
      await lookAgain(db.pool, [attemptId], settings.settleNextLookMs);
    }
    return answer.is !== 'no-answer';
  }

  /** Its end is told by webhook or look-up, as with any call. */
  async function hangUp(provider: TelephonyProvider, attemptId: string, callId: string): Promise<void> {
    const answer = await provider.hangUp(callId, settings.requestTimeoutMs);
    if (answer.is === 'no-answer') logger.warn({ attemptId, why: answer.why }, 'could not hang up; trying again');
  }
}
