-- The provider's call id for this attempt: the one it has, else the given one, unless another attempt has that.
CREATE OR REPLACE FUNCTION call_id_for(a attempts, p_call_id text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT coalesce(a.provider_call_id, CASE WHEN NOT EXISTS (SELECT FROM attempts o
    WHERE o.provider_account_id = a.provider_account_id AND o.provider_call_id = p_call_id) THEN p_call_id END)
$$;
