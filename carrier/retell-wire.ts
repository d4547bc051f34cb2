import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import {
  DISCONNECTION_REASONS,
  isDisconnectionReason,
  type RetellStatus,
} from '../telephony/retell/disconnection-reasons.js';
import { REFERENCE_KEY, referenceOf } from '../telephony/retell/wire.js';
import type { EndReason } from '../telephony/simulator/end-reasons.js';
import { isSuccessful, TRANSCRIPT, type CallRecord } from './request-record.js';
import type { CreateCall } from '../telephony/simulator/wire.js';

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
type RetellCreate = z.output<typeof retellCreateSchema>;

/** Body of `POST /v3/list-calls`: the one filter that the simulated carrier has an index for. */
export const retellListSchema = z.object({
  filter_criteria: z.object({
    metadata: z.tuple([
      z.object({ key: z.literal(REFERENCE_KEY), type: z.literal('string'), op: z.literal('eq'), value: z.string() }),
    ]),
  }),
  limit: z.number().int().min(1).max(1_000).default(50),
});

const REASON_OF_END = {
  user_hangup: 'user_hangup',
  agent_hangup: 'agent_hangup',
  max_duration_reached: 'max_duration_reached',
  stopped_by_request: 'manual_stopped',
  cancelled_by_request: 'manual_stopped',
  voicemail_reached: 'voicemail_reached',
  dial_no_answer: 'dial_no_answer',
  dial_busy: 'dial_busy',
  user_declined: 'user_declined',
  invalid_destination: 'invalid_destination',
  destination_unreachable: 'dial_failed',
  carrier_error: 'telephony_provider_unavailable',
  agent_error: 'error_llm_websocket_runtime',
} as const satisfies Record<EndReason, keyof typeof DISCONNECTION_REASONS>;

/** The request as the carrier takes it. One that carries no reference of ours gets one that nobody asks for. */
export function createCallOf(body: RetellCreate): CreateCall {
  const { agent } = body.agent_override ?? {};
  return {
    reference: referenceOf(body) ?? `none_${randomUUID()}`,
    from: body.from_number,
    to: body.to_number,
    agent_id: body.override_agent_id ?? 'agent_of_the_number',
    agent_version: body.override_agent_version === undefined ? null : String(body.override_agent_version),
    variables: body.retell_llm_dynamic_variables ?? {},
    metadata: body.metadata ?? {},
    sip_headers: body.custom_sip_headers ?? {},
    skip_phone_check: body.ignore_e164_validation,
    ring_limit_ms: agent?.ring_duration_ms ?? 30_000,
    call_length_max_ms: agent?.max_call_duration_ms ?? 3_600_000,
  };
}

/** A call as webhooks and `get-call` tell it. What is not known, or not set, is absent. */
export function retellCallOf(call: CallRecord): Record<string, unknown> {
  const { request, endReason } = call;
  const wasAnswered = call.answeredAtMs !== undefined;
  return {
    call_id: call.callId,
    call_type: 'phone_call',
    direction: 'outbound',
    call_status: statusOf(call),
    agent_id: request.agent_id,
    agent_version: Number(request.agent_version) || 0,
    from_number: request.from,
    to_number: request.to,
    ...(isFilled(request.metadata) && { metadata: request.metadata }),
    ...(isFilled(request.variables) && { retell_llm_dynamic_variables: request.variables }),
    ...(isFilled(request.sip_headers) && { custom_sip_headers: request.sip_headers }),
    ...(wasAnswered && { start_timestamp: call.answeredAtMs }),
    ...(endReason !== undefined && { end_timestamp: call.endedAtMs, disconnection_reason: reasonOf(call, endReason) }),
    ...(endReason !== undefined && wasAnswered && { duration_ms: call.durationMs, transcript: TRANSCRIPT }),
    ...(call.analyzedAtMs !== undefined && {
      call_analysis: {
        call_successful: isSuccessful(call),
        in_voicemail: endReason === 'voicemail_reached',
        user_sentiment: 'Neutral',
      },
    }),
  };
}

/** A call as `list-calls` tells it: without its transcript. */
export function retellListedCallOf(call: CallRecord): Record<string, unknown> {
  const { transcript: _transcript, ...listed } = retellCallOf(call);
  return listed;
}

function statusOf(call: CallRecord): RetellStatus {
  if (call.endReason === undefined) return call.answeredAtMs === undefined ? 'registered' : 'ongoing';
  const reason = reasonOf(call, call.endReason);
  if (isDisconnectionReason(reason)) return DISCONNECTION_REASONS[reason].status;
  return call.answeredAtMs === undefined ? 'not_connected' : 'ended';
}

/** The word that the number's settings give its calls, unless the call was stopped on request. */
function reasonOf({ plan }: CallRecord, endReason: EndReason): string {
  return endReason === plan.endReason && plan.disconnectionReason !== undefined
    ? plan.disconnectionReason
    : REASON_OF_END[endReason];
}

function isFilled(record: Record<string, unknown>): boolean {
  return Object.keys(record).length > 0;
}
