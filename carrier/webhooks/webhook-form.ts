import { callObjectOf, type CallRecord } from '../request-record.js';
import { retellCallOf } from '../retell/retell-call.js';
import { RETELL_SIGNATURE_HEADER } from '../retell/retell-wire.js';
import type { SimulatorSettings } from '../settings.js';
import { SIGNATURE_HEADER } from '../wire.js';

/** How a wire words its webhooks. The signature is made in the same way on both, with another key. */
export type WebhookForm = {
  signatureHeader: string;
  secretOf(settings: SimulatorSettings): string;
  callOf(call: CallRecord): Record<string, unknown>;
  /** What is said of a live call in a forged event. */
  lieOf(nowMs: number): Record<string, unknown>;
};

export const WEBHOOK_FORMS: Record<SimulatorSettings['wire'], WebhookForm> = {
  simulator: {
    signatureHeader: SIGNATURE_HEADER,
    secretOf: (settings) => settings.webhookSecret,
    callOf: callObjectOf,
    lieOf: (nowMs) => ({
      status: 'not_connected',
      ended_at: nowMs,
      duration_ms: 0,
      end_reason: 'invalid_destination',
    }),
  },
  retell: {
    signatureHeader: RETELL_SIGNATURE_HEADER,
    secretOf: (settings) => settings.apiKey,
    callOf: retellCallOf,
    lieOf: (nowMs) => ({
      call_status: 'not_connected',
      end_timestamp: nowMs,
      disconnection_reason: 'invalid_destination',
    }),
  },
};
