import type { WebhookRequest } from '../provider.js';
import type { Outcome } from '../../domain/calls/outcomes.js';
import type { Deferral } from '../../domain/calls/call-fact.js';
import { signBody } from '../../carrier/webhooks/sign-body.js';
import { testSender } from '../../test/support/sender.js';
import { retell } from './adapter.js';
import { DISCONNECTION_REASONS } from './disconnection-reasons.js';

const NOW_MS = Date.parse('2026-11-26T12:00:00Z');
const API_KEY = 'key_test';
const adapterWith = (credentials: { apiKey: string; webhookSecret?: string }) =>
  retell.create({ baseUrl: 'https://api.retellai.com', credentials }, testSender.send);
const CALL = {
  call_id: 'call_1',
  call_type: 'phone_call',
  direction: 'outbound',
  call_status: 'ongoing',
  metadata: { dialwright_attempt_id: 'att_1', customer: 12 },
  start_timestamp: NOW_MS - 60_000,
};

/** What each documented reason is to us; a reason that is not here is not known. */
const TABLE: [keyof typeof DISCONNECTION_REASONS, Outcome, Deferral | null][] = [
  ['user_hangup', 'ANSWERED', null],
  ['agent_hangup', 'ANSWERED', null],
  ['call_transfer', 'ANSWERED', null],
  ['call_take_over', 'ANSWERED', null],
  ['transfer_bridged', 'ANSWERED', null],
  ['transfer_cancelled', 'ANSWERED', null],
  ['inactivity', 'ANSWERED', null],
  ['max_duration_reached', 'ANSWERED', null],
  ['manual_stopped', 'ANSWERED', null],
  ['voicemail_reached', 'VOICEMAIL', null],
  ['ivr_reached', 'VOICEMAIL', null],
  ['no_concurrency_fallback', 'PROVIDER_ERROR', null],
  ['dial_busy', 'BUSY', null],
  ['dial_failed', 'UNREACHABLE', null],
  ['dial_no_answer', 'NO_ANSWER', null],
  ['invalid_destination', 'INVALID_NUMBER', null],
  ['telephony_provider_permission_denied', 'PROVIDER_ERROR', 'permission'],
  ['telephony_provider_unavailable', 'PROVIDER_ERROR', null],
  ['sip_routing_error', 'PROVIDER_ERROR', null],
  ['marked_as_spam', 'UNREACHABLE', null],
  ['user_declined', 'DECLINED', null],
  ['concurrency_limit_reached', 'PROVIDER_ERROR', 'capacity'],
  ['no_valid_payment', 'PROVIDER_ERROR', 'payment'],
  ['scam_detected', 'PROVIDER_ERROR', null],
  ['error_llm_websocket_open', 'AGENT_ERROR', null],
  ['error_llm_websocket_lost_connection', 'AGENT_ERROR', null],
  ['error_llm_websocket_runtime', 'AGENT_ERROR', null],
  ['error_llm_websocket_corrupt_payload', 'AGENT_ERROR', null],
  ['error_no_audio_received', 'PROVIDER_ERROR', null],
  ['error_asr', 'PROVIDER_ERROR', null],
  ['error_retell', 'PROVIDER_ERROR', null],
  ['error_unknown', 'PROVIDER_ERROR', null],
  ['error_user_not_joined', 'PROVIDER_ERROR', null],
  ['registered_call_timeout', 'PROVIDER_ERROR', null],
];

const requestOf = (rawBody: Buffer, signature: string | undefined, receivedAtMs: number): WebhookRequest => ({
  ...{ method: 'POST', url: '', rawBody, receivedAtMs },
  headers: { 'x-retell-signature': signature },
});

describe('webhooks of Retell', () => {
  const provider = adapterWith({ apiKey: API_KEY });
  const read = (event: string, call: unknown) => {
    const rawBody = Buffer.from(JSON.stringify({ event, call }));
    return provider.readWebhook(requestOf(rawBody, signBody(rawBody, API_KEY, NOW_MS), NOW_MS));
  };
  const fact = (event: string, call: unknown) => {
    const verdict = read(event, call);
    return verdict.is === 'facts' ? verdict.facts[0] : verdict;
  };

  describe('of which one is signed by Retell', () => {
    const rawBody = Buffer.from('{"event":"call_ended","call":{"call_id":"call_123"}}');
    const signedAtMs = 1_714_608_475_945;
    const signature = 'v=1714608475945,d=c5c65b62a88b38267b15a5f520b5b414326e838a05b13cd90b36c569fd6683fa';
    const verdictOf = (body: Buffer, header: string | undefined, nowMs = signedAtMs) =>
      provider.readWebhook(requestOf(body, header, nowMs)).is;

    it('believes the signature, though its body has too little for a fact', () => {
      expect(verdictOf(rawBody, signature)).toBe('malformed');
    });

    it('refuses it when it is tampered with, stale, ahead, or unsigned', () => {
      expect(verdictOf(Buffer.from(`${rawBody} `), signature)).toBe('forged');
      expect(verdictOf(rawBody, signature.replace('d=c', 'd=d'))).toBe('forged');
      expect(verdictOf(rawBody, signature, signedAtMs + 300_001)).toBe('forged');
      expect(verdictOf(rawBody, signature, signedAtMs - 300_001)).toBe('forged');
      expect(verdictOf(rawBody, undefined)).toBe('forged');
    });

    it('takes the key that the account keeps for webhooks too, and no empty one', () => {
      const verdictWith = (credentials: { apiKey: string; webhookSecret?: string }) =>
        adapterWith(credentials).readWebhook(requestOf(rawBody, signature, signedAtMs)).is;
      expect(verdictWith({ apiKey: 'another key', webhookSecret: API_KEY })).toBe('malformed');
      expect(verdictWith({ apiKey: 'another key' })).toBe('forged');
      const unsigned = signBody(rawBody, '', signedAtMs);
      const keyless = adapterWith({ apiKey: '' });
      expect(keyless.readWebhook(requestOf(rawBody, unsigned, signedAtMs)).is).toBe('forged');
    });
  });

  it('reads the start, the end and the analysis of a call', () => {
    const ended = { ...CALL, call_status: 'ended', end_timestamp: NOW_MS, duration_ms: 59_999.6 };
    const shared = { callId: 'call_1', reference: 'att_1' };
    expect(fact('call_started', CALL)).toEqual({
      ...shared,
      eventKey: expect.stringMatching(/^call_1:started:[0-9a-f]{32}$/),
      kind: 'STARTED',
      occurredAt: new Date(NOW_MS - 60_000),
      outcome: null,
      endReason: null,
      durationMs: null,
      successful: null,
      details: {},
    });
    const told = {
      transcript: 'Hello',
      recording_url: 'https://recordings.example.com/1',
      call_cost: { combined_cost: 7 },
    };
    expect(fact('call_ended', { ...ended, disconnection_reason: 'user_hangup', ...told })).toEqual({
      ...shared,
      eventKey: expect.stringMatching(/^call_1:ended:[0-9a-f]{32}$/),
      kind: 'ENDED',
      occurredAt: new Date(NOW_MS),
      outcome: 'ANSWERED',
      deferral: null,
      endReason: 'user_hangup',
      durationMs: 60_000,
      successful: null,
      details: told,
    });
    const analysis = { call_successful: false, in_voicemail: true, call_summary: 'A machine.', user_sentiment: null };
    expect(fact('call_analyzed', { ...ended, call_analysis: analysis })).toMatchObject({
      ...shared,
      eventKey: expect.stringMatching(/^call_1:analyzed:[0-9a-f]{32}$/),
      kind: 'ANALYZED',
      successful: false,
      details: { in_voicemail: true, summary: 'A machine.' },
    });
  });

  it('goes by the name of the event where the status lags behind', () => {
    const late = { ...CALL, call_status: 'registered', disconnection_reason: 'manual_stopped', end_timestamp: NOW_MS };
    expect(fact('call_ended', late)).toMatchObject({ kind: 'ENDED', outcome: 'ANSWERED' });
  });

  it('reads the events of a call that never connected, which has neither times nor analysis', () => {
    const call = {
      ...CALL,
      call_status: 'not_connected',
      start_timestamp: undefined,
      disconnection_reason: 'dial_busy',
    };
    expect(fact('call_ended', call)).toMatchObject({ outcome: 'BUSY', durationMs: null, occurredAt: new Date(NOW_MS) });
    expect(fact('call_analyzed', call)).toMatchObject({ kind: 'ANALYZED', successful: null, details: {} });
  });

  it('knows every documented reason', () => {
    expect(TABLE.map(([reason]) => reason).sort()).toEqual(Object.keys(DISCONNECTION_REASONS).sort());
  });

  it.each(TABLE)('takes %s for %s, put off for %s', (reason, outcome, deferral) => {
    const { status } = DISCONNECTION_REASONS[reason];
    const call = { ...CALL, call_status: status, end_timestamp: NOW_MS, disconnection_reason: reason };
    expect(fact('call_ended', call)).toMatchObject({ outcome, deferral, endReason: reason });
  });

  it('takes a call that was stopped before anybody answered for cancelled', () => {
    const call = { ...CALL, call_status: 'ended', start_timestamp: undefined, disconnection_reason: 'manual_stopped' };
    expect(fact('call_ended', call)).toMatchObject({ outcome: 'CANCELLED' });
  });

  it.each(['struck_by_lightning', 'toString'])('keeps the raw word of an end that it does not know: %s', (reason) => {
    const call = { ...CALL, call_status: 'ended', disconnection_reason: reason };
    expect(fact('call_ended', call)).toMatchObject({ outcome: 'PROVIDER_ERROR', deferral: null, endReason: reason });
  });

  it('makes no facts of events that it has no use for, nor of calls that came in', () => {
    for (const event of ['transcript_updated', 'chat_started', 'toString'])
      expect(read(event, CALL)).toEqual({ is: 'facts', facts: [] });
    for (const direction of ['inbound', undefined])
      expect(read('call_ended', { ...CALL, direction, metadata: {} })).toEqual({ is: 'facts', facts: [] });
    expect(fact('call_ended', { ...CALL, direction: undefined })).toMatchObject({ reference: 'att_1' });
  });

  it('has no reference for a call that carries none', () => {
    for (const metadata of [undefined, null, 'att_1', 7, {}, { dialwright_attempt_id: 7 }])
      expect(fact('call_started', { ...CALL, metadata })).toMatchObject({ reference: null, callId: 'call_1' });
  });

  it('calls a call that cannot be read malformed', () => {
    expect(read('call_ended', { ...CALL, call_id: '' }).is).toBe('malformed');
    expect(read('call_ended', { ...CALL, end_timestamp: 1e300 }).is).toBe('malformed');
    expect(read('call_started', null).is).toBe('malformed');
  });
});
