-- Turns on the second factor that a person has begun, once a code of it was shown. p_shown: secret (sealed, as it was
-- read: the one whose code it was), step (of that code, which is good no more), hashes (of the recovery codes, in hex).
-- All sessions end but p_kept, which has shown the code. Returns false, and changes nothing, when another one was begun
-- meanwhile, or one is on.
CREATE OR REPLACE FUNCTION turn_on_second_factor(p_person uuid, p_shown jsonb, p_kept text, p_from text)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  UPDATE second_factors SET confirmed_at = dialwright_now(), last_step = (p_shown ->> 'step')::bigint
    WHERE person_id = p_person AND secret = p_shown ->> 'secret' AND confirmed_at IS NULL;
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM begin_sign_in_epoch(p_person, p_kept);
  INSERT INTO recovery_codes (person_id, code_hash)
    SELECT p_person, decode(hash, 'hex') FROM jsonb_array_elements_text(p_shown -> 'hashes') AS hash;
  PERFORM record_of_person(p_person, 'turn on second factor', jsonb_build_object('from', p_from));
  RETURN true;
END $$;
