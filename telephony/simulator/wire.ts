import { z } from 'zod';

/** What the adapter reads of the simulated carrier's answers and webhooks. Times are epoch milliseconds; what is unset is absent. */

export const SIGNATURE_HEADER = 'x-carrier-signature';

export const CARRIER_EVENTS = ['call_started', 'call_ended', 'call_analyzed'] as const;
export type CarrierEvent = (typeof CARRIER_EVENTS)[number];

/** Up to the year 2286, so that it is a date in JavaScript and in PostgreSQL. */
const epochMs = z.number().min(0).max(9_999_999_999_999);

/** A call, as look-ups and webhooks tell it. */
export const callObjectSchema = z.object({
  call_id: z.string().min(1).max(200),
  reference: z.string().nullish(),
  status: z.string().optional(),
  accepted_at: epochMs,
  started_at: epochMs.optional(),
  ended_at: epochMs.optional(),
  analyzed_at: epochMs.optional(),
  duration_ms: z.number().min(0).max(86_400_000).optional(),
  end_reason: z.string().optional(),
  transcript: z.string().optional(),
  recording_url: z.string().max(4_000).optional(),
  analysis: z.object({ successful: z.boolean().optional(), summary: z.string().optional() }).optional(),
});
export type CallObject = z.output<typeof callObjectSchema>;

/** `event` is any word: a carrier may add events that we have no use for. */
export const webhookSchema = z.object({ event: z.string(), call: callObjectSchema });

export const callCreatedSchema = z.object({ call_id: z.string().min(1).max(200) });
export const callListSchema = z.object({ calls: z.array(callObjectSchema) });

/** Strict: what else there is says that it was not the carrier who answered. */
export const refusalSchema = z.strictObject({ error: z.string() });

const agentSchema = z.object({ agent_id: z.string().min(1), name: z.string() });
const numberSchema = z.object({
  phone: z.string().min(1),
  label: z.string().optional(),
  outbound_agent_id: z.string().optional(),
});
export const agentListSchema = z.object({ agents: z.array(agentSchema).max(1_000) });
export const numberListSchema = z.object({ numbers: z.array(numberSchema).max(1_000) });
