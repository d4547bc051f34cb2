-- What a worker gets to place a call (ClaimedCall in store/claims/claim-calls.ts). p_terms: dial_terms.
CREATE OR REPLACE FUNCTION call_request(a attempts, c recipients, p_terms jsonb) RETURNS jsonb
LANGUAGE sql STABLE AS $$
  SELECT jsonb_build_object(
    'id', a.id,
    'dialToken', a.dial_token,
    'providerAccountId', a.provider_account_id,
    'identityVersion', a.identity_version,
    'laneEpoch', p_terms -> 'lane_epoch',
    'from', p_terms -> 'from_phone',
    'to', a.phone,
    'agentId', coalesce(c.override_agent_id, p_terms ->> 'provider_agent_id'),
    'agentVersion', c.override_agent_version,
    'variables', c.variables,
    'metadata', c.metadata,
    'sipHeaders', c.sip_headers,
    'skipPhoneCheck', c.skip_phone_check,
    'ringLimitMs', p_terms -> 'ring_limit_ms',
    'callLengthMaxMs', p_terms -> 'call_length_max_ms')
$$;
