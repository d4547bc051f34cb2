-- The slot epoch of the calls that are claimed now: another one every second, with a list of the slots that are held
-- when it begins. The caller holds W, under which alone slots of the newest epoch are taken: none is missing from the
-- list. A slot that evidence takes back without W has the largest epoch, which every look finds.
CREATE OR REPLACE FUNCTION begin_slot_epoch(p_workspace uuid, p_now timestamptz) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  e slot_epochs;
  held uuid[];
BEGIN
  SELECT * INTO e FROM slot_epochs WHERE workspace_id = p_workspace ORDER BY workspace_id DESC, epoch DESC LIMIT 1;
  -- A clock that went back begins one too.
  IF e.began_at > p_now - interval '1 s' AND e.began_at <= p_now THEN RETURN e.epoch; END IF;
  held := ARRAY(SELECT h.id FROM held_slots(p_workspace) h WHERE h.slot_epoch < 2147483647);
  INSERT INTO slot_epochs VALUES (p_workspace, coalesce(e.epoch, 0) + 1, held, p_now);
  DELETE FROM slot_epochs WHERE workspace_id = p_workspace AND epoch = e.epoch;
  RETURN coalesce(e.epoch, 0) + 1;
END $$;
