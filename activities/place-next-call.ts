import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import { publicId } from '../domain/ids.js';
import type { Outcome } from '../domain/outcomes.js';
import { maskPhone } from '../domain/phone.js';
import type { Logger } from '../platform/logger.js';
import { acceptCall, deferCall, doubtCall, refuseCall, releaseCall } from '../store/answer-call.js';
import { changeBatch } from '../store/change-batch.js';
import type { ClaimedCall } from '../store/claim-calls.js';
import type { Database } from '../store/database.js';
import type { PlaceCallAnswer, RefusalReason, TelephonyProvider } from '../telephony/provider.js';
import type { ProviderDirectory } from '../telephony/provider-directory.js';
import type { LaneAnswer, LaneInput } from '../workflows/contract.js';
import type { Claimer } from './claimer.js';

export type LaneActivities = ReturnType<typeof createLaneActivities>;

type LaneDeps = {
  db: Database;
  logger: Logger;
  claimer: Claimer;
  providers: ProviderDirectory;
  settings: { laneWaitMaxMs: number; requestTimeoutMs: number };
};

const HEARTBEAT_MS = 4_000;
/** How long what happened is tried to be written; the settler finds out by itself what could not be. */
const RECORD_MAX_MS = 20_000;
const RECORD_RETRY_MS = 200;
const NOT_SENT_PAUSE_MS = 1_000;

/** Refusals that say nothing about the recipient: nothing is spent, and it waits this long before it is tried again. */
const DEFERRED_MS: Partial<Record<RefusalReason, number>> = { capacity: 2_000, payment: 0, permission: 0 };
/** Refusals that would meet every call of the batch: it pauses, and shows why. */
const PAUSES: Partial<Record<RefusalReason, string>> = {
  payment: 'The provider asks for payment. Settle the account there, then resume.',
  permission: 'The provider refused permission. Check its credentials and the from-number, then resume.',
};
const REFUSED: Record<RefusalReason, Outcome> = {
  'invalid-number': 'INVALID_NUMBER',
  'invalid-request': 'PROVIDER_ERROR',
  agent: 'AGENT_ERROR',
  capacity: 'PROVIDER_ERROR',
  payment: 'PROVIDER_ERROR',
  permission: 'PROVIDER_ERROR',
};

/**
 * One lane: waits until a call may start, claims the next recipient, dials once, and returns without waiting for the call
 * to end.
 *
 * Safe to repeat: the claim key is this activity's id, and a key that has an attempt never gets another. If the process
 * dies before the claim is committed, nothing happened; after it, the attempt is DIALING and belongs to its dial token,
 * which died too, so that nobody sends and the settler asks the provider once the dial deadline has passed. Throws nothing
 * once something may have been sent.
 */
export function createLaneActivities({ db, logger, claimer, providers, settings }: LaneDeps) {
  return {
    async placeNextCall(lane: LaneInput): Promise<LaneAnswer> {
      const context = Context.current();
      const { info, cancellationSignal } = context;
      const claimKey = `${info.workflowExecution?.workflowId}/${info.workflowExecution?.runId}/${info.activityId}`;
      const waiting = {
        ...lane,
        claimKey,
        dialToken: randomUUID(),
        waitMaxMs: settings.laneWaitMaxMs,
        cancelled: cancellationSignal,
      };
      let details: { attempt: string; to: string } | null = null;
      const heartbeat = setInterval(() => context.heartbeat(details), HEARTBEAT_MS);
      try {
        const outcome = await claimer.wait(waiting);
        if (outcome.is === 'idle') return outcome;
        if (outcome.is === 'repeated') {
          const { id, phone, state } = outcome.attempt;
          return { is: 'repeated', attempt: publicId('attempt', id), to: maskPhone(phone), state };
        }
        const { call, couldStart, sendBeforeMs } = outcome;
        const to = maskPhone(call.to);
        details = { attempt: publicId('attempt', call.id), to };
        context.heartbeat(details);
        const answer = await dial(call, sendBeforeMs);
        const result = await record({ lane, claimKey, call, answer });
        // What kept the request from leaving will keep the next one too: this lane waits before it makes room for another.
        if (answer.is === 'not-sent') await setTimeout(NOT_SENT_PAUSE_MS);
        return { is: 'placed', attempt: publicId('attempt', call.id), to, result, couldStart };
      } finally {
        clearInterval(heartbeat);
      }
    },
  };

  /** One request, once. Whatever goes wrong before it could leave is "not sent". */
  async function dial(call: ClaimedCall, sendBeforeMs: number): Promise<PlaceCallAnswer> {
    let provider: TelephonyProvider;
    try {
      provider = await providers.of(call.providerAccountId);
    } catch (err) {
      return { is: 'not-sent', why: `no adapter: ${(err as Error).name}` };
    }
    const { id, dialToken: _token, providerAccountId: _account, ...request } = call;
    return provider.placeCall(
      { ...request, reference: publicId('attempt', id) },
      { sendBeforeMs, requestTimeoutMs: settings.requestTimeoutMs },
    );
  }

  /** Writes what happened, each write with its precondition, until it is written or the settler will have found out. */
  async function record(dialed: Dialed): Promise<string> {
    const giveUpAtMs = performance.now() + RECORD_MAX_MS;
    for (;;) {
      try {
        return await recordOnce(db, dialed);
      } catch (err) {
        logger.warn({ err, attemptId: dialed.call.id }, 'could not record what became of a call');
        if (performance.now() > giveUpAtMs) return 'not recorded; the settler will find out';
        await setTimeout(RECORD_RETRY_MS);
      }
    }
  }
}

type Dialed = { lane: LaneInput; claimKey: string; call: ClaimedCall; answer: PlaceCallAnswer };

async function recordOnce(db: Database, { lane, claimKey, call, answer }: Dialed): Promise<string> {
  const { id: attemptId, dialToken } = call;
  switch (answer.is) {
    case 'accepted':
      return acceptCall(db.pool, attemptId, answer.callId);
    case 'not-sent':
      await releaseCall(db.pool, { workspaceId: lane.workspaceId, claimKey, dialToken, why: answer.why });
      return 'RELEASED';
    case 'unknown':
      await doubtCall(db.pool, attemptId, dialToken, answer.why);
      return 'UNCERTAIN';
    case 'refused':
      await recordRefusal(db, { lane, attemptId, dialToken, answer });
      return `refused: ${answer.reason}`;
  }
}

type Refused = {
  lane: LaneInput;
  attemptId: string;
  dialToken: string;
  answer: Extract<PlaceCallAnswer, { is: 'refused' }>;
};

/** The pause comes before the recipient is put back, so that it is not claimed again in between. */
async function recordRefusal(db: Database, { lane, attemptId, dialToken, answer }: Refused): Promise<void> {
  const { workspaceId, batchId } = lane;
  const { reason, raw: endReason } = answer;
  const statusReason = PAUSES[reason];
  if (statusReason) {
    const change = {
      workspaceId,
      batchId,
      action: 'pause',
      from: ['RUNNING'],
      actor: 'callwright',
      commandId: `${attemptId}/refused`,
    } as const;
    await changeBatch(db.pool, { ...change, patch: { statusReason } });
  }
  const delayMs = DEFERRED_MS[reason];
  if (delayMs === undefined) await refuseCall(db.pool, { attemptId, dialToken, outcome: REFUSED[reason], endReason });
  else await deferCall(db.pool, { attemptId, dialToken, endReason, delayMs: answer.retryAfterMs ?? delayMs });
}
