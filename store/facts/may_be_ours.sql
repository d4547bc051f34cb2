-- Whether an event of this account that names no call of ours may belong to one all the same: the account has an open
-- attempt whose call id nobody knows yet, or had one within the last hour. Events of other applications on the same
-- account come by the thousand, so the answer is one entry of attempts_without_call_id_idx.
CREATE OR REPLACE FUNCTION may_be_ours(p_account uuid) RETURNS boolean LANGUAGE sql STABLE
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off SET enable_incremental_sort = off AS $$
  SELECT coalesce(
    (SELECT true FROM attempts a WHERE a.provider_call_id IS NULL
      AND (a.provider_account_id, (a.settle_at IS NULL), coalesce(a.ended_at, a.hard_end_at))
        >= (p_account, false, '-infinity')
      AND (a.provider_account_id, (a.settle_at IS NULL), coalesce(a.ended_at, a.hard_end_at))
        <= (p_account, false, 'infinity')
      ORDER BY a.provider_account_id, (a.settle_at IS NULL), coalesce(a.ended_at, a.hard_end_at) LIMIT 1),
    (SELECT true FROM attempts a WHERE a.provider_call_id IS NULL
      AND (a.provider_account_id, (a.settle_at IS NULL), coalesce(a.ended_at, a.hard_end_at))
        >= (p_account, true, dialwright_now() - interval '1 hour')
      AND (a.provider_account_id, (a.settle_at IS NULL), coalesce(a.ended_at, a.hard_end_at))
        <= (p_account, true, 'infinity')
      ORDER BY a.provider_account_id, (a.settle_at IS NULL), coalesce(a.ended_at, a.hard_end_at) LIMIT 1),
    false)
$$;
