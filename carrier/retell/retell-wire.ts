import { z } from 'zod';
import type { RetellStatus } from './retell-reasons.js';

/** Retell's API, as far as the simulated carrier speaks it: what it takes and what it sends. */

export const RETELL_SIGNATURE_HEADER = 'x-retell-signature';
/** The carrier keeps its calls by reference. On this wire the reference is the metadata under this key. */
export const REFERENCE_KEY = 'dialwright_attempt_id';

const strings = z.record(z.string(), z.string());

/** Body of `POST /v2/create-phone-call`, as far as the simulated carrier goes by it. */
export const retellCreateSchema = z.object({
  from_number: z.string().min(1),
  to_number: z.string().min(1),
  override_agent_id: z.string().min(1).optional(),
  override_agent_version: z.union([z.string(), z.number()]).optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
  retell_llm_dynamic_variables: strings.optional(),
  custom_sip_headers: strings.optional(),
  ignore_e164_validation: z.boolean().default(false),
  agent_override: z
    .object({
      agent: z.object({
        ring_duration_ms: z.number().int().min(5_000).max(300_000).default(30_000),
        max_call_duration_ms: z.number().int().min(60_000).max(7_200_000).default(3_600_000),
      }),
    })
    .optional(),
});
export type RetellCreate = z.output<typeof retellCreateSchema>;

const key = z.literal(REFERENCE_KEY);
/** Body of `POST /v3/list-calls`: the filters that the simulated carrier has an index for, one reference or several. */
export const retellListSchema = z.object({
  filter_criteria: z.object({
    metadata: z.tuple([
      z.discriminatedUnion('op', [
        z.object({ key, type: z.literal('string'), op: z.literal('eq'), value: z.string() }),
        z.object({ key, type: z.literal('enum'), op: z.literal('in'), value: z.array(z.string()).max(1_000) }),
      ]),
    ]),
  }),
  limit: z.number().int().min(1).max(1_000).default(50),
});

/** A call, as webhooks and `get-call` tell it; `list-calls` leaves out the transcript. JSON leaves out what is undefined. */
export type RetellCall = {
  call_id: string;
  call_type: 'phone_call';
  direction: 'outbound';
  call_status: RetellStatus;
  agent_id: string;
  agent_version: number;
  from_number: string;
  to_number: string;
  metadata?: Record<string, unknown>;
  retell_llm_dynamic_variables?: Record<string, string>;
  custom_sip_headers?: Record<string, string>;
  start_timestamp?: number | undefined;
  end_timestamp?: number | undefined;
  disconnection_reason?: string;
  duration_ms?: number | undefined;
  transcript?: string;
  recording_url?: string;
  call_analysis?: { call_successful: boolean; in_voicemail: boolean; user_sentiment: 'Neutral' };
};
