-- Gives the verdict of a job on the last attempts of recipients whose rows it has locked: each as give_verdict does it,
-- in the name of who began the job. Returns how many took none, by reason.
CREATE OR REPLACE FUNCTION settle_for_job(j jobs, p_taken uuid[]) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  attempt uuid;
  refused integer := 0;
BEGIN
  FOR attempt IN SELECT s.last_attempt_id FROM recipient_states s WHERE s.recipient_id = ANY (p_taken) LOOP
    IF (give_verdict(j.workspace_id, attempt, j.change ->> 'verdict', j.change ->> 'outcome', j.actor, NULL)).result
      <> 'GIVEN' THEN
      refused := refused + 1;
    END IF;
  END LOOP;
  RETURN CASE WHEN refused = 0 THEN '{}' ELSE jsonb_build_object('NOT_UNCERTAIN', refused) END;
END $$;
