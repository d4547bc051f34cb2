-- Why a batch pauses when its provider account cannot call for it.
CREATE OR REPLACE FUNCTION pause_reason_of(p_deferral text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE p_deferral
    WHEN 'payment' THEN 'The provider asks for payment. Settle the account there, then resume.'
    WHEN 'permission' THEN 'The provider refused permission. Check its credentials and the from-number, then resume.'
      END
$$;
