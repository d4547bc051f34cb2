import { z } from 'zod';
import type { EndReason } from './end-reasons.js';

/** The platform's own API: what it takes and what it sends. Times are epoch milliseconds; what is not set is absent. */

export const SIGNATURE_HEADER = 'x-carrier-signature';

export const CARRIER_EVENTS = ['call_started', 'call_ended', 'call_analyzed'] as const;
export type CarrierEvent = (typeof CARRIER_EVENTS)[number];

const name = z.string().min(1).max(200);
const strings = z.record(z.string(), z.string());
const durationMs = z.number().int().min(1).max(86_400_000);

/** Body of `POST /v1/calls`. */
export const createCallSchema = z.object({
  /** The client's own name for the call, by which it looks the call up. */
  reference: name,
  from: name,
  to: name,
  agent_id: name,
  agent_version: z.string().max(200).nullish(),
  variables: strings.default({}),
  metadata: z.record(z.string(), z.unknown()).default({}),
  sip_headers: strings.default({}),
  skip_phone_check: z.boolean().default(false),
  ring_limit_ms: durationMs.default(45_000),
  call_length_max_ms: durationMs.default(3_600_000),
  /** Takes the place of the account's own address for webhooks. */
  webhook_url: z.url().nullish(),
});
export type CreateCall = z.output<typeof createCallSchema>;

export type CallStatus = 'registered' | 'ringing' | 'ongoing' | 'ended' | 'not_connected';

/** A call, as look-ups and webhooks tell it. JSON leaves out what is undefined. */
export type CallObject = {
  call_id: string;
  reference: string;
  from: string;
  to: string;
  metadata: Record<string, unknown>;
  status: CallStatus;
  accepted_at: number;
  started_at?: number;
  ended_at?: number;
  duration_ms?: number | undefined;
  end_reason?: EndReason | undefined;
  transcript?: string;
  recording_url?: string;
  analyzed_at?: number;
  analysis?: { successful: boolean; summary: string };
};
