-- Takes the second factor of a person away, with its recovery codes. p_actor as in record_of_person. Returns false when
-- none is on.
CREATE OR REPLACE FUNCTION turn_off_second_factor(p_person uuid, p_actor jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM second_factors WHERE person_id = p_person AND confirmed_at IS NOT NULL;
  IF NOT FOUND THEN RETURN false; END IF;
  PERFORM record_of_person(p_person, 'turn off second factor', p_actor);
  RETURN true;
END $$;
