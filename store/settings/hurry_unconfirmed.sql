-- An account has become another at the provider: attempts whose absence was to be confirmed are looked at soon, and
-- take_unsettled makes them UNCERTAIN for good. One that is locked is on its way anyway.
CREATE OR REPLACE FUNCTION hurry_unconfirmed(p_account uuid) RETURNS void LANGUAGE sql AS $$
  UPDATE attempts SET settle_at = dialwright_now() WHERE state = 'NOT_PLACED' AND id IN (SELECT id FROM attempts
    WHERE settle_at IS NOT NULL AND state = 'NOT_PLACED' AND NOT by_verdict AND provider_account_id = p_account
    ORDER BY id LIMIT 10000 FOR NO KEY UPDATE SKIP LOCKED)
$$;
