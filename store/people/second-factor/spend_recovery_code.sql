-- Spends a recovery code of a person (p_hash: its SHA-256). Returns false when there is no such code, or it was spent:
-- of two that spend one at the same moment one does.
CREATE OR REPLACE FUNCTION spend_recovery_code(p_person uuid, p_hash bytea, p_from text) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM recovery_codes WHERE person_id = p_person AND code_hash = p_hash;
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM record_of_person(p_person, 'spend recovery code', jsonb_build_object('from', p_from),
    jsonb_build_object('left', (SELECT count(*) FROM recovery_codes WHERE person_id = p_person)));
  RETURN true;
END $$;
