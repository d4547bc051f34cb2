-- Ends all sessions of a person but p_kept: what a sign-in has to show is another thing from now on. A sign-in that is
-- under way is of no use either: it has read the epoch of before (begin_session).
CREATE OR REPLACE FUNCTION begin_sign_in_epoch(p_person uuid, p_kept text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE epoch integer;
BEGIN
  UPDATE people SET sign_in_epoch = sign_in_epoch + 1 WHERE id = p_person RETURNING sign_in_epoch INTO STRICT epoch;
  DELETE FROM sessions WHERE sess ->> 'personId' = p_person::text AND sid IS DISTINCT FROM p_kept;
  UPDATE sessions SET sess = sess || jsonb_build_object('epoch', epoch) WHERE sid = p_kept;
END $$;
