import { z } from 'zod';

/** What crosses the wire between the simulated carrier and its clients. Times are epoch milliseconds; what is unset is absent. */
export const CARRIER_EVENTS = ['call_started', 'call_ended', 'call_analyzed'] as const;
export type CarrierEvent = (typeof CARRIER_EVENTS)[number];

const DURATION_MS_MAX = 86_400_000;
const durationMs = z.number().int().min(1).max(DURATION_MS_MAX);
/** Up to the year 2286, so that it is a date in JavaScript and in PostgreSQL. */
const epochMs = z.number().min(0).max(9_999_999_999_999);
const strings = z.record(z.string(), z.string());

/** Body of `POST /v1/calls`. */
export const createCallSchema = z.object({
  reference: z.string().min(1).max(200),
  from: z.string().min(1).max(200),
  to: z.string().min(1).max(200),
  agent_id: z.string().min(1).max(200),
  agent_version: z.string().max(200).nullish(),
  variables: strings.default({}),
  metadata: z.record(z.string(), z.unknown()).default({}),
  sip_headers: strings.default({}),
  skip_phone_check: z.boolean().default(false),
  ring_limit_ms: durationMs.default(45_000),
  call_length_max_ms: durationMs.default(3_600_000),
  webhook_url: z.url().nullish(),
});
export type CreateCall = z.output<typeof createCallSchema>;

/** A call, as look-ups and webhooks tell it. */
export const callObjectSchema = z.object({
  call_id: z.string().min(1).max(200),
  reference: z.string().nullish(),
  status: z.string().optional(),
  accepted_at: epochMs,
  started_at: epochMs.optional(),
  ended_at: epochMs.optional(),
  analyzed_at: epochMs.optional(),
  duration_ms: z.number().min(0).max(DURATION_MS_MAX).optional(),
  end_reason: z.string().optional(),
  transcript: z.string().optional(),
  analysis: z.object({ successful: z.boolean().optional(), summary: z.string().optional() }).optional(),
});
export type CallObject = z.output<typeof callObjectSchema>;

/** `event` is any word: a carrier may add events that we have no use for. */
export const webhookSchema = z.object({ event: z.string(), call: callObjectSchema });

export const callCreatedSchema = z.object({ call_id: z.string().min(1).max(200) });
export const callListSchema = z.object({ calls: z.array(callObjectSchema) });

const agentSchema = z.object({ agent_id: z.string().min(1), name: z.string() });
const numberSchema = z.object({
  phone: z.string().min(1),
  label: z.string().optional(),
  outbound_agent_id: z.string().optional(),
});
export const agentListSchema = z.object({ agents: z.array(agentSchema).max(1_000) });
export const numberListSchema = z.object({ numbers: z.array(numberSchema).max(1_000) });
