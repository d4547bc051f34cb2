import type { EndReason } from './end-reasons.js';
import type { CallRecord } from './request-record.js';
import type { SimulatorSettings } from './settings.js';
import type { Timers } from './timers.js';
import type { WebhookPoster } from './webhooks/webhook-poster.js';
import type { CarrierEvent } from './wire.js';

type RunDeps = {
  settings: () => SimulatorSettings;
  timers: Timers;
  poster: WebhookPoster;
  onEnded: () => void;
  /** The call is analyzed and all its events are told or given up. */
  onClosed: () => void;
};

/**
 * Takes an accepted call through its plan: it rings, is answered or not, talks, ends, is analyzed. A call that nobody
 * answers has no `call_started`. Resolves when the first event has been told.
 */
export function runCall(call: CallRecord, { settings, timers, poster, onEnded, onClosed }: RunDeps): Promise<void> {
  const { plan } = call;
  const told: Promise<void>[] = [];
  return new Promise((resolve) => {
    const next = (simulatedMs: number, phase: () => void): void => {
      call.nextPhase = timers.after(simulatedMs / settings().speed, phase);
    };
    const tell = (event: CarrierEvent): void => {
      const telling = poster.tell(call, event);
      if (told.push(telling) === 1) void telling.then(resolve);
    };
    const ring = (): void => {
      call.ringingAtMs = Date.now();
      next(plan.ringMs, plan.talkMs === null ? () => end(plan.endReason) : answer);
    };
    const answer = (): void => {
      call.answeredAtMs = Date.now();
      tell('call_started');
      next(plan.talkMs ?? 0, () => end(plan.endReason));
    };
    const end = (endReason: EndReason): void => {
      delete call.endNow;
      call.endedAtMs = Date.now();
      call.endReason = endReason;
      call.durationMs = durationOf(call, settings().speed);
      onEnded();
      tell('call_ended');
      next(settings().analysisDelayMs, analyze);
    };
    const analyze = (): void => {
      delete call.nextPhase;
      call.analyzedAtMs = Date.now();
      tell('call_analyzed');
      void Promise.all(told).then(onClosed);
    };
    call.endNow = end;
    next(plan.setupMs, ring);
  });
}

/** Simulated talking time: as planned when the call ran its course, else what has passed, times the speed. */
function durationOf({ answeredAtMs, endedAtMs, endReason, plan }: CallRecord, speed: number): number {
  if (answeredAtMs === undefined || endedAtMs === undefined) return 0;
  if (endReason === plan.endReason && plan.talkMs !== null) return plan.talkMs;
  return Math.round((endedAtMs - answeredAtMs) * speed);
}
