-- Locks recipient, then attempt, and gives the attempt as it is now.
CREATE OR REPLACE FUNCTION lock_attempt(p_attempt uuid) RETURNS attempts LANGUAGE plpgsql AS $$
DECLARE a attempts;
BEGIN
  PERFORM FROM recipient_states WHERE recipient_id = (SELECT recipient_id FROM attempts WHERE id = p_attempt)
    FOR NO KEY UPDATE;
  SELECT * INTO a FROM attempts WHERE id = p_attempt FOR NO KEY UPDATE;
  RETURN a;
END $$;
