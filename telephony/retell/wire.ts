import { z } from 'zod';

/** The key under which Retell keeps our attempt's public id, in a call's metadata. */
export const REFERENCE_KEY = 'dialwright_attempt_id';
export const SIGNATURE_HEADER = 'x-retell-signature';

export const RETELL_EVENTS = ['call_started', 'call_ended', 'call_analyzed'] as const;
export type RetellEvent = (typeof RETELL_EVENTS)[number];

/** Up to the year 2286, so that it is a date in JavaScript and in PostgreSQL. */
const epochMs = z.number().min(0).max(9_999_999_999_999);

/** What we read of a call, as webhooks, list and get tell it. Retell leaves out what is not set; null means the same. */
export const callObjectSchema = z.object({
  call_id: z.string().min(1).max(200),
  call_status: z.string(),
  direction: z.string().nullish(),
  metadata: z.unknown().optional(),
  start_timestamp: epochMs.nullish(),
  end_timestamp: epochMs.nullish(),
  duration_ms: z.number().min(0).max(86_400_000).nullish(),
  disconnection_reason: z.string().nullish(),
  transcript: z.string().nullish(),
  recording_url: z.string().nullish(),
  public_log_url: z.string().nullish(),
  transfer_destination: z.string().nullish(),
  call_cost: z.unknown().optional(),
  call_analysis: z
    .object({
      call_successful: z.boolean().nullish(),
      call_summary: z.string().nullish(),
      in_voicemail: z.boolean().nullish(),
      user_sentiment: z.string().nullish(),
      custom_analysis_data: z.unknown().optional(),
    })
    .nullish(),
});
export type RetellCall = z.output<typeof callObjectSchema>;

/** `event` is any word: Retell has events that we have no use for, some without a call. */
export const eventSchema = z.object({ event: z.string(), call: z.unknown().optional() });

export const callCreatedSchema = z.object({ call_id: z.string().min(1).max(200) });
export const callListSchema = z.object({ items: z.array(callObjectSchema), has_more: z.boolean() });

export const agentSchema = z.object({
  agent_id: z.string().min(1),
  agent_name: z.string().nullish(),
  channel: z.string().nullish(),
});
export const phoneNumberSchema = z.object({
  phone_number: z.string().min(1),
  nickname: z.string().nullish(),
  outbound_agents: z.array(z.object({ agent_id: z.string().min(1), weight: z.number().default(0) })).nullish(),
});

export const errorBodySchema = z.object({ message: z.string() });
/** As Retell documents its errors. Strict: what else there is says that it was not Retell who answered. */
export const documentedErrorSchema = z.strictObject({ status: z.literal('error'), message: z.string() });

/** Our attempt's public id, when the call carries it. */
export function referenceOf({ metadata }: { metadata?: unknown }): string | null {
  const reference = (metadata as Record<string, unknown> | null | undefined)?.[REFERENCE_KEY];
  return typeof reference === 'string' ? reference : null;
}
