import { randomUUID } from 'node:crypto';
import type { EndReason } from '../end-reasons.js';
import { isSuccessful, TRANSCRIPT, type CallRecord } from '../request-record.js';
import { REASON_OF_END, statusOfReason, type RetellStatus } from './retell-reasons.js';
import { REFERENCE_KEY, type RetellCall, type RetellCreate } from './retell-wire.js';
import type { CreateCall } from '../wire.js';

/** The request as the carrier takes it. One that carries no reference gets one that nobody asks for. */
export function createCallOf(body: RetellCreate): CreateCall {
  const { agent } = body.agent_override ?? {};
  const reference = body.metadata?.[REFERENCE_KEY];
  return {
    reference: typeof reference === 'string' ? reference : `none_${randomUUID()}`,
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
export function retellCallOf(call: CallRecord): RetellCall {
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
    ...(endReason !== undefined &&
      wasAnswered && { duration_ms: call.durationMs, transcript: TRANSCRIPT, recording_url: call.recordingUrl }),
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
export function retellListedCallOf(call: CallRecord): Omit<RetellCall, 'transcript'> {
  const { transcript: _transcript, ...listed } = retellCallOf(call);
  return listed;
}

function statusOf(call: CallRecord): RetellStatus {
  const wasAnswered = call.answeredAtMs !== undefined;
  if (call.endReason === undefined) return wasAnswered ? 'ongoing' : 'registered';
  return statusOfReason(reasonOf(call, call.endReason)) ?? (wasAnswered ? 'ended' : 'not_connected');
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
