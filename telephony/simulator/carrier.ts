import { randomUUID } from 'node:crypto';
import type { EndReason } from './end-reasons.js';
import type { Ledger } from './ledger.js';
import { faultsFor, planCall, strikes, type CallKey } from './plan-call.js';
import type { CallRecord, RequestRecord } from './request-record.js';
import type { SimulatorSettings } from './settings.js';
import type { Timers } from './timers.js';
import type { WebhookPoster } from './webhook-poster.js';
import type { CarrierEvent, CreateCall } from './wire.js';

/** What the carrier decided about a readable request; the server turns it into an answer. */
export type Decision =
  | { is: 'accepted'; call: CallRecord; record: RequestRecord; firstTold: Promise<void> }
  | { is: 'refused'; status: 422 | 429 | 500; message: string }
  | { is: 'dropped' };

export type CarrierTotals = { live: number; peakConcurrency: number; accepted: number };

type CarrierDeps = { settings: () => SimulatorSettings; timers: Timers; ledger: Ledger; poster: WebhookPoster };
export type Carrier = ReturnType<typeof createCarrier>;

const DIALLABLE = /^\+[1-9]\d{6,14}$/;
const DIALLABLE_UNCHECKED = /^\+?\d{3,20}$/;

/**
 * The calls: each is accepted, rings, is answered or not, talks, ends and is analyzed, by the plan that its seed, number
 * and ordinal make. A reference sent twice makes two calls: that is how double dialling is seen.
 */
export function createCarrier({ settings, timers, ledger, poster }: CarrierDeps) {
  const acceptedTo = new Map<string, number>();
  /** Refusals on purpose since the last accepted call to a number. */
  const refusalsTo = new Map<string, number>();
  let totals: CarrierTotals = { live: 0, peakConcurrency: 0, accepted: 0 };
  /** Grows at each reset: what an earlier time left behind counts no more. */
  let epoch = 0;

  function receive(request: CreateCall, receivedAtMs: number): Decision {
    const key = { to: request.to, ordinal: acceptedTo.get(request.to) ?? 0 };
    const refusal = refusalFor(request, key);
    if (refusal) return refusal;
    return accept(request, key, receivedAtMs);
  }

  function refusalFor(request: CreateCall, key: CallKey): Decision | null {
    const isDiallable = request.skip_phone_check ? DIALLABLE_UNCHECKED.test(request.to) : DIALLABLE.test(request.to);
    if (!isDiallable) return { is: 'refused', status: 422, message: 'to is not a phone number; expected like +12025550123' };
    const refusals = refusalsTo.get(key.to) ?? 0;
    const refusal = refusalOnPurpose(settings(), key, refusals);
    if (refusal) refusalsTo.set(key.to, refusals + 1);
    if (refusal) return refusal;
    if (totals.live >= settings().concurrencyMax) return { is: 'refused', status: 429, message: 'concurrency limit reached' };
    return null;
  }

  function accept(request: CreateCall, key: CallKey, acceptedAtMs: number): Decision {
    acceptedTo.set(key.to, key.ordinal + 1);
    refusalsTo.delete(key.to);
    const plan = planCall(settings(), key, { ringLimitMs: request.ring_limit_ms, callLengthMaxMs: request.call_length_max_ms });
    const call: CallRecord = { callId: `call_${randomUUID()}`, request, key, plan, acceptedAtMs, webhooks: [] };
    const record: RequestRecord = { receivedAtMs: acceptedAtMs, request, answeredStatus: null, call };
    const live = totals.live + 1;
    totals = { live, peakConcurrency: Math.max(totals.peakConcurrency, live), accepted: totals.accepted + 1 };
    ledger.add(record);
    return { is: 'accepted', call, record, firstTold: run(record, call) };
  }

  /** Resolves when the first event has been told. */
  function run(record: RequestRecord, call: CallRecord): Promise<void> {
    const { plan } = call;
    const told: Promise<void>[] = [];
    const bornIn = epoch;
    return new Promise((resolve) => {
      const tell = (event: CarrierEvent): void => {
        const telling = poster.tell(call, event);
        told.push(telling);
        if (told.length === 1) void telling.then(resolve);
      };
      const ring = (): void => {
        call.ringingAtMs = Date.now();
        next(call, plan.ringMs, plan.talkMs === null ? () => end(plan.endReason) : answer);
      };
      const answer = (): void => {
        call.answeredAtMs = Date.now();
        tell('call_started');
        next(call, plan.talkMs ?? 0, () => end(plan.endReason));
      };
      const end = (endReason: EndReason): void => {
        call.endedAtMs = Date.now();
        call.endReason = endReason;
        call.durationMs = durationOf(call, settings().speed);
        if (bornIn === epoch) totals.live--;
        tell('call_ended');
        next(call, settings().analysisDelayMs, analyze);
      };
      const analyze = (): void => {
        delete call.nextPhase;
        call.analyzedAtMs = Date.now();
        tell('call_analyzed');
        void Promise.all(told).then(() => ledger.close(record));
      };
      call.hangUp = end;
      next(call, plan.setupMs, ring);
    });
  }

  function next(call: CallRecord, simulatedMs: number, phase: () => void): void {
    call.nextPhase = timers.after(simulatedMs / settings().speed, phase);
  }

  return {
    receive,
    /** Ends a live call. @returns false when there is no such call; one that has ended is left as it is. */
    hangUp(callId: string): boolean {
      const call = ledger.callById(callId);
      if (!call) return false;
      if (call.endedAtMs !== undefined) return true;
      call.nextPhase?.cancel();
      call.hangUp?.(call.answeredAtMs === undefined ? 'cancelled_by_request' : 'stopped_by_request');
      return true;
    },
    find(reference: string): CallRecord[] {
      return ledger.callsByReference(reference).filter(isListed);
    },
    get(callId: string): CallRecord | undefined {
      const call = ledger.callById(callId);
      return call && isListed(call) ? call : undefined;
    },
    totals: (): CarrierTotals => totals,
    /** Ends every call silently and forgets everything; settings stay. */
    reset(): void {
      epoch++;
      timers.stop();
      ledger.clear();
      acceptedTo.clear();
      refusalsTo.clear();
      totals = { live: 0, peakConcurrency: 0, accepted: 0 };
    },
  };

  function isListed(call: CallRecord): boolean {
    return Date.now() - call.acceptedAtMs >= faultsFor(settings(), call.key.to).hideFromLookUpMs;
  }
}

function refusalOnPurpose(settings: SimulatorSettings, key: CallKey, refusals: number): Decision | null {
  if (strikes(settings, 'dropBeforeAccept', key, refusals)) return { is: 'dropped' };
  if (strikes(settings, 'answer429', key, refusals)) return { is: 'refused', status: 429, message: 'concurrency limit reached' };
  if (strikes(settings, 'answer500', key, refusals)) return { is: 'refused', status: 500, message: 'internal error' };
  return null;
}

/** Simulated talking time: as planned when the call ran its course, else what has passed, times the speed. */
function durationOf({ answeredAtMs, endedAtMs, endReason, plan }: CallRecord, speed: number): number {
  if (answeredAtMs === undefined || endedAtMs === undefined) return 0;
  if (endReason === plan.endReason && plan.talkMs !== null) return plan.talkMs;
  return Math.round((endedAtMs - answeredAtMs) * speed);
}
