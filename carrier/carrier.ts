import { randomUUID } from 'node:crypto';
import type { Ledger } from './ledger.js';
import { faultsFor, planCall, strikes, type CallKey } from './plan-call.js';
import type { CallRecord, RequestRecord } from './request-record.js';
import { runCall } from './run-call.js';
import type { SimulatorSettings } from './settings.js';
import type { Timers } from './timers.js';
import type { WebhookPoster } from './webhooks/webhook-poster.js';
import type { CreateCall } from './wire.js';

/** What the carrier decided about a readable request; the server turns it into an answer. */
export type Decision =
  | { is: 'accepted'; call: CallRecord; record: RequestRecord; firstTold: Promise<void> }
  | { is: 'refused'; status: 403 | 422 | 429 | 500; message: string }
  | { is: 'dropped' };

export type CarrierTotals = { live: number; peakConcurrency: number; accepted: number };

type CarrierDeps = {
  settings: () => SimulatorSettings;
  timers: Timers;
  ledger: Ledger;
  poster: WebhookPoster;
  /** Where recordings are, once the server listens. */
  recordings: { baseUrl: string };
};
export type Carrier = ReturnType<typeof createCarrier>;

const DIALLABLE = /^\+[1-9]\d{6,14}$/;
const DIALLABLE_UNCHECKED = /^\+?\d{3,20}$/;
const CONCURRENCY_MESSAGE = 'concurrency limit reached';

/**
 * Accepts calls and runs them. A reference sent twice makes two calls: that is how double dialling is seen. The key of a
 * call's outcome counts the accepted calls to its number only, so that refusals, drops and kills change no outcome.
 */
export function createCarrier({ settings, timers, ledger, poster, recordings }: CarrierDeps) {
  const acceptedTo = new Map<string, number>();
  /** Refusals on purpose since the last accepted call to a number. */
  const refusalsTo = new Map<string, number>();
  const zero: CarrierTotals = { live: 0, peakConcurrency: 0, accepted: 0 };
  /** Replaced by a reset, so that calls of an earlier time count no more. */
  let totals = { ...zero };

  function refusalFor(request: CreateCall, key: CallKey): Decision | null {
    const isDiallable = (request.skip_phone_check ? DIALLABLE_UNCHECKED : DIALLABLE).test(request.to);
    if (!isDiallable)
      return { is: 'refused', status: 422, message: 'to is not a phone number; expected like +12025550123' };
    const refusals = refusalsTo.get(key.to) ?? 0;
    const onPurpose = refusalOnPurpose(settings(), key, refusals);
    if (onPurpose) refusalsTo.set(key.to, refusals + 1);
    else if (totals.live >= settings().concurrencyMax)
      return { is: 'refused', status: 429, message: CONCURRENCY_MESSAGE };
    return onPurpose;
  }

  function accept(request: CreateCall, key: CallKey, acceptedAtMs: number): Decision {
    acceptedTo.set(key.to, key.ordinal + 1);
    refusalsTo.delete(key.to);
    const plan = planCall(settings(), key, {
      ringLimitMs: request.ring_limit_ms,
      callLengthMaxMs: request.call_length_max_ms,
    });
    const callId = `call_${randomUUID()}`;
    const recordingUrl = `${recordings.baseUrl}/${callId}.wav`;
    const call: CallRecord = { callId, recordingUrl, request, key, plan, acceptedAtMs, webhooks: [] };
    const record: RequestRecord = { receivedAtMs: acceptedAtMs, request, answeredStatus: null, call };
    const current = totals;
    current.accepted++;
    current.live++;
    current.peakConcurrency = Math.max(current.peakConcurrency, current.live);
    ledger.add(record);
    const onEnded = (): void => void current.live--;
    const firstTold = runCall(call, { settings, timers, poster, onEnded, onClosed: () => ledger.close(record) });
    return { is: 'accepted', call, record, firstTold };
  }

  function isListed(call: CallRecord | undefined): call is CallRecord {
    return call !== undefined && Date.now() - call.acceptedAtMs >= faultsFor(settings(), call.key.to).hideFromLookUpMs;
  }

  return {
    receive(request: CreateCall, receivedAtMs: number): Decision {
      const key = { to: request.to, ordinal: acceptedTo.get(request.to) ?? 0 };
      return refusalFor(request, key) ?? accept(request, key, receivedAtMs);
    },
    /** Ends a live call. @returns false when there is no such call; one that has ended is left as it is. */
    hangUp(callId: string): boolean {
      const call = ledger.callById(callId);
      if (!call || call.endedAtMs !== undefined) return call !== undefined;
      call.nextPhase?.cancel();
      call.endNow?.(call.answeredAtMs === undefined ? 'cancelled_by_request' : 'stopped_by_request');
      return true;
    },
    find: (reference: string): CallRecord[] => ledger.callsByReference(reference).filter(isListed),
    get(callId: string): CallRecord | undefined {
      const call = ledger.callById(callId);
      return isListed(call) ? call : undefined;
    },
    totals: (): CarrierTotals => ({ ...totals }),
    /** Drops every call without a word and forgets everything; settings stay. */
    reset(): void {
      timers.stop();
      ledger.clear();
      acceptedTo.clear();
      refusalsTo.clear();
      totals = { ...zero };
    },
  };
}

/** Keyed by the refusals so far too, so that a number whose share is below 1 gets through in the end. */
function refusalOnPurpose(settings: SimulatorSettings, key: CallKey, refusals: number): Decision | null {
  const attempt = { ...key, detail: refusals };
  if (strikes(settings, 'dropBeforeAccept', attempt)) return { is: 'dropped' };
  if (strikes(settings, 'answer429', attempt)) return { is: 'refused', status: 429, message: CONCURRENCY_MESSAGE };
  if (strikes(settings, 'answer500', attempt)) return { is: 'refused', status: 500, message: 'internal error' };
  return null;
}
