-- Keeps that a command was carried out, or refused (p_applied), and what its repetition is told (p_answer). Runs with
-- the rights of the owner, and takes the time from the database: the role that runs the product writes no commands by
-- itself. Returns false when it is kept already: of two at the same moment one waits for the other.
CREATE OR REPLACE FUNCTION note_command(p_command text, p_workspace uuid, p_applied boolean, p_answer jsonb)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO commands (command_id, workspace_id, applied, answer)
    VALUES (p_command, p_workspace, p_applied, coalesce(p_answer, '{}')) ON CONFLICT DO NOTHING;
  RETURN FOUND;
END $$;
