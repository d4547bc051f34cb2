-- Changes an account, under W; limits hold for the calls that start from then on. Disabling pauses the running batches
-- that call through it, and no dial can follow the answer.
--
-- Secrets are opened and sealed by the caller, without the lock, from what it read then (p_read: baseUrl, credentials
-- as they are stored, isUnreadable, and the canary of the installation). READ_AGAIN, and nothing is changed, when one
-- of these is another by now. p_patch has what is given: columns by their names in the API, and credentials, sealed:
-- all that the account has from then on. p_key: isNew; isForced; phones, the from-numbers that the provider lists with
-- it, of which the list may be cut (isListCut).
--
-- What the provider says with another account's key is no evidence about calls of this one. So while attempts are open,
-- which are those that the settler would still ask about, a new key must list the from-numbers that the account has:
-- else result is OTHER_ACCOUNT. No attempt becomes open meanwhile: a claim takes W. Any other new key gives the account
-- a new identity: only calls that are claimed and dialled under it are settled by an absence seen with it.
-- result: CHANGED, READ_AGAIN, NOT_FOUND or OTHER_ACCOUNT.
CREATE OR REPLACE FUNCTION update_provider_account(p_workspace uuid, p_account uuid, p_read jsonb, p_patch jsonb,
  p_key jsonb, p_actor jsonb, OUT result text, OUT open_attempts integer, OUT paused uuid[]) LANGUAGE plpgsql AS $$
DECLARE
  account provider_accounts;
  n provider_accounts;
  is_new_identity boolean := (p_key ->> 'isNew')::boolean;
BEGIN
  paused := '{}';
  PERFORM lock_workspace(p_workspace);
  SELECT * INTO account FROM provider_accounts WHERE id = p_account AND workspace_id = p_workspace FOR NO KEY UPDATE;
  IF NOT FOUND THEN result := 'NOT_FOUND'; RETURN; END IF;
  IF NOT is_account_as_read(account, p_read) THEN result := 'READ_AGAIN'; RETURN; END IF;
  IF is_new_identity AND NOT (p_key ->> 'isForced')::boolean THEN
    is_new_identity := NOT lists_same_numbers(p_account, p_key);
    SELECT count(*)::integer INTO open_attempts FROM (SELECT FROM attempts WHERE is_new_identity
      AND settle_at IS NOT NULL AND NOT by_verdict AND provider_account_id = p_account
      AND identity_version = account.identity_version LIMIT 10000) a;
    IF open_attempts > 0 THEN result := 'OTHER_ACCOUNT'; RETURN; END IF;
  END IF;
  UPDATE provider_accounts SET
    name = coalesce(p_patch ->> 'name', name),
    base_url = coalesce(p_patch ->> 'baseUrl', base_url),
    credentials = coalesce(p_patch ->> 'credentials', credentials),
    ring_limit_ms = coalesce((p_patch ->> 'ringLimitMs')::integer, ring_limit_ms),
    call_length_max_ms = coalesce((p_patch ->> 'callLengthMaxMs')::integer, call_length_max_ms),
    poll_interval_ms = coalesce((p_patch ->> 'pollIntervalMs')::integer, poll_interval_ms),
    settle_delay_ms = CASE WHEN p_patch ? 'settleDelayMs' THEN (p_patch ->> 'settleDelayMs')::integer
      ELSE settle_delay_ms END,
    disabled_at = CASE (p_patch ->> 'disabled')::boolean WHEN true THEN coalesce(disabled_at, dialwright_now())
      WHEN false THEN NULL ELSE disabled_at END,
    identity_version = account.identity_version + is_new_identity::integer,
    unreadable_at = CASE WHEN NOT p_patch ? 'credentials' THEN unreadable_at END
    WHERE id = p_account AND identity_version = account.identity_version RETURNING * INTO n;
  IF NOT FOUND THEN RAISE EXCEPTION 'provider account % changed under its lock', p_account; END IF;
  PERFORM record_change(p_workspace, p_actor, 'change account', 'providerAccount', to_jsonb(account), to_jsonb(n));
  IF is_new_identity THEN PERFORM hurry_unconfirmed(p_account); END IF;
  IF (p_patch ->> 'disabled')::boolean THEN
    paused := pause_batches_of_account(p_workspace, p_account,
      'Its provider account was disabled. Enable it, then resume.');
  END IF;
  IF p_patch ? 'credentials' THEN PERFORM notify_lanes(p_workspace); END IF;
  result := 'CHANGED';
END $$;
