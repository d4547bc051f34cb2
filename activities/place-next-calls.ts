import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { CompleteAsyncError, Context } from '@temporalio/activity';
import { publicId } from '../domain/ids.js';
import type { Outcome } from '../domain/calls/outcomes.js';
import { maskPhone } from '../domain/recipients/phone.js';
import type { Logger } from '../platform/logger.js';
import { deferCall, doubtCall, refuseCall, releaseCall, type AcceptedCall } from '../store/calls/answer-call.js';
import { createAcceptWriter } from '../store/calls/create-accept-writer.js';
import type { ClaimedCall } from '../store/claims/claim-calls.js';
import type { Database } from '../store/database.js';
import type { GatheredWrite } from '../store/gather-writes.js';
import { callbackUrl } from '../telephony/callback-url.js';
import type { PlaceCallAnswer, RefusalReason, TelephonyProvider } from '../telephony/provider.js';
import type { ProviderDirectory } from '../telephony/provider-directory.js';
import type { LaneAnswer, LaneInput, PlacedCall } from '../workflows/contract.js';
import type { Claimer } from './claimer.js';
import type { LaneEpochs } from './lane-epochs.js';
import type { LaneOutcome } from './waiting-lane.js';

export type LaneActivities = ReturnType<typeof createLaneActivities>;

type LaneDeps = {
  db: Database;
  logger: Logger;
  claimer: Claimer;
  laneEpochs: LaneEpochs;
  providers: ProviderDirectory;
  /** This installation's own address; null where it is not known. */
  publicUrl: string | null;
  settings: { laneWaitMaxMs: number; requestTimeoutMs: number };
};

const HEARTBEAT_MS = 4_000;
/** How long a lane tries to write what became of a call. The settler finds out what could not be written. */
const RECORD_MAX_MS = 20_000;
const RECORD_RETRY_MS = 200;
const NOT_SENT_PAUSE_MS = 1_000;

/** Refusals that are the recipient's or the agent's doing end the attempt; the others say nothing about it: see `defer_call`. */
const REFUSED = {
  'invalid-number': 'INVALID_NUMBER',
  'invalid-request': 'PROVIDER_ERROR',
  agent: 'AGENT_ERROR',
} as const satisfies Partial<Record<RefusalReason, Outcome>>;

/** A lane goes on while the next call can start at once, within these bounds: the run must hear soon how many more could start. */
const CALLS_PER_LANE_MAX = 10;
const KEEP_GOING_MS = 1_000;
/** How long "at once" is. */
const NEXT_CALL_WAIT_MS = 100;

/**
 * One lane: waits until a call may start, claims the next recipient, dials once, and returns without waiting for the call
 * to end. While the next call can start at once it claims and dials again, a few times: a batch that dials fast would else
 * spend most of its processor time on telling Temporal of each call by itself.
 *
 * Safe to repeat: the claim key of its first call is this activity's id, and a key that has an attempt never gets another,
 * so a repeat of a lane that got any call places none. If the process dies before a claim is committed, nothing happened;
 * after it, the attempt is DIALING and belongs to its dial token, which died too, so that nobody sends and the settler asks
 * the provider once the dial deadline has passed. Throws nothing once something may have been sent.
 *
 * A lane whose run continues as new goes on until lanes of the new run are there, and reports nothing: the activity stays
 * open for Temporal, and is gone with its run. An answer could keep the run from closing. Its calls are in PostgreSQL.
 */
export function createLaneActivities({ db, logger, claimer, laneEpochs, providers, publicUrl, settings }: LaneDeps) {
  const recorder: Recorder = { db, accept: createAcceptWriter(db.pool) };
  return {
    async placeNextCalls(lane: LaneInput): Promise<LaneAnswer> {
      laneEpochs.raise(lane.batchId, lane.laneEpoch);
      const answer = await runLane(lane);
      if (laneEpochs.isLeftBehind(lane)) throw new CompleteAsyncError();
      return answer;
    },
  };

  async function runLane(lane: LaneInput): Promise<LaneAnswer> {
    const context = Context.current();
    const { info, cancellationSignal: cancelled } = context;
    const laneKey = `${info.workflowExecution?.workflowId}/${info.workflowExecution?.runId}/${info.activityId}`;
    const calls: PlacedCall[] = [];
    let details: { attempt: string; to: string } | null = null;
    const heartbeat = setInterval(() => context.heartbeat(details), HEARTBEAT_MS);
    let keepGoingUntilMs = Infinity;
    try {
      for (;;) {
        const isFirst = calls.length === 0;
        const claimKey = isFirst ? laneKey : `${laneKey}/${calls.length}`;
        const waitMaxMs = isFirst ? settings.laneWaitMaxMs : NEXT_CALL_WAIT_MS;
        const outcome = await claimer.wait({ ...lane, claimKey, dialToken: randomUUID(), waitMaxMs, cancelled });
        if (isLeftBehind(outcome)) laneEpochs.raise(lane.batchId, lane.laneEpoch + 1);
        if (outcome.is !== 'claimed')
          return isFirst ? answerWithoutCall(outcome) : { is: 'placed', calls, couldStart: 0 };
        if (isFirst) keepGoingUntilMs = performance.now() + KEEP_GOING_MS;
        const { call, couldStart, sendBeforeMs } = outcome;
        laneEpochs.raise(lane.batchId, call.laneEpoch);
        details = { attempt: publicId('attempt', call.id), to: maskPhone(call.to) };
        const answer = await dial(call, sendBeforeMs);
        const result = await record({ lane, claimKey, call, answer });
        calls.push({ ...details, result });
        if (answer.is === 'not-sent') await restAfterUnsent(logger, call, answer.why);
        const goesOn = answer.is === 'accepted' && !cancelled.aborted && performance.now() < keepGoingUntilMs;
        if (!goesOn || calls.length === CALLS_PER_LANE_MAX) return { is: 'placed', calls, couldStart };
      }
    } finally {
      clearInterval(heartbeat);
    }
  }

  /** One request, once. Whatever goes wrong before it could leave is "not sent". */
  async function dial(call: ClaimedCall, sendBeforeMs: number): Promise<PlaceCallAnswer> {
    let provider: TelephonyProvider;
    try {
      provider = await providers.of(call.providerAccountId, call.identityVersion);
    } catch (err) {
      return { is: 'not-sent', why: `no adapter: ${(err as Error).name}` };
    }
    const { id, dialToken: _token, providerAccountId, ...rest } = call;
    const { identityVersion: _identity, laneEpoch: _epoch, ...request } = rest;
    return provider.placeCall(
      { ...request, reference: publicId('attempt', id), callbackUrl: callbackUrl(publicUrl, providerAccountId, id) },
      { sendBeforeMs, requestTimeoutMs: settings.requestTimeoutMs },
    );
  }

  /** Writes what happened, each write with its precondition, until it is written or the settler will have found out. */
  async function record(dialed: Dialed): Promise<string> {
    const giveUpAtMs = performance.now() + RECORD_MAX_MS;
    for (;;) {
      try {
        return await recordOnce(recorder, dialed);
      } catch (err) {
        logger.warn({ err, attemptId: dialed.call.id }, 'could not record what became of a call');
        if (performance.now() > giveUpAtMs) return 'not recorded; the settler will find out';
        await setTimeout(RECORD_RETRY_MS);
      }
    }
  }
}

/** Writes what became of a call; calls that are accepted together are committed together. */
type Recorder = { db: Database; accept: GatheredWrite<AcceptedCall, string> };
type Dialed = { lane: LaneInput; claimKey: string; call: ClaimedCall; answer: PlaceCallAnswer };

const NO_LONGER_OURS = 'overtaken by evidence';

async function recordOnce({ db, accept }: Recorder, { lane, claimKey, call, answer }: Dialed): Promise<string> {
  const { id: attemptId, dialToken } = call;
  switch (answer.is) {
    case 'accepted':
      return accept({ attemptId, callId: answer.callId });
    case 'not-sent': {
      const { workspaceId } = lane;
      const released = await releaseCall(db.pool, {
        workspaceId,
        claimKey,
        dialToken,
        why: answer.why,
        isOwnDelay: answer.isOwnDelay,
      });
      return released ? 'RELEASED' : NO_LONGER_OURS;
    }
    case 'unknown':
      return (await doubtCall(db.pool, attemptId, dialToken, answer.why)) ? 'UNCERTAIN' : NO_LONGER_OURS;
    case 'refused':
      return (await recordRefusal(db, call, answer)) ? `refused: ${answer.reason}` : NO_LONGER_OURS;
  }
}

/** What kept the request from leaving will keep the next one too: the lane waits before it makes room for another. */
async function restAfterUnsent(logger: Logger, { id: attemptId }: ClaimedCall, why: string): Promise<void> {
  logger.warn({ attemptId, why }, 'a call could not be sent; its recipient waits again');
  await setTimeout(NOT_SENT_PAUSE_MS);
}

function isLeftBehind(outcome: LaneOutcome): boolean {
  return outcome.is === 'idle' && outcome.reason === 'LEFT_BEHIND';
}

function answerWithoutCall(outcome: Exclude<LaneOutcome, { is: 'claimed' }>): LaneAnswer {
  if (outcome.is === 'idle') return outcome;
  const { id, phone, state } = outcome.attempt;
  return { is: 'repeated', attempt: publicId('attempt', id), to: maskPhone(phone), state };
}

type Refused = Extract<PlaceCallAnswer, { is: 'refused' }>;

async function recordRefusal(
  db: Database,
  { id: attemptId, dialToken }: ClaimedCall,
  { reason, raw: endReason, retryAfterMs }: Refused,
): Promise<boolean> {
  switch (reason) {
    case 'capacity':
    case 'payment':
    case 'permission':
      return deferCall(db.pool, { attemptId, dialToken, deferral: reason, endReason, retryAfterMs });
    case 'invalid-number':
    case 'invalid-request':
    case 'agent':
      return refuseCall(db.pool, { attemptId, dialToken, outcome: REFUSED[reason], endReason });
  }
}
