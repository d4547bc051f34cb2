-- How an upload says that its numbers without + are read; how many of them only one reading fits; and how many of its
-- rows had a number that was there already, counted when it was read and again by its confirm. Null: not counted.
ALTER TABLE imports
  ADD COLUMN numbers_without_plus text NOT NULL DEFAULT 'unambiguous'
    CHECK (numbers_without_plus IN ('unambiguous', 'national', 'international')),
  ADD COLUMN phone_fits jsonb NOT NULL DEFAULT '{}',
  ADD COLUMN duplicates jsonb;

-- The phone as it was written, when it was repaired.
ALTER TABLE recipients ADD COLUMN original_phone text;

-- Other numbers that digits dialled as they are written may ring; null for a valid number with +. A suppression of one
-- of them stops the recipient too.
ALTER TABLE recipient_states ADD COLUMN other_keys text[];
-- Those that are known by another number than the one that is dialled: few.
CREATE INDEX recipient_states_respelled_idx ON recipient_states (batch_id, phone_key) WHERE phone_key <> phone;

ALTER TABLE batches ADD COLUMN allow_costly_numbers boolean NOT NULL DEFAULT false;

-- Digits that are no valid number are known with a + in front, so that they are the same with and without it.
UPDATE suppressions s SET phone_key = '+' || s.phone_key WHERE s.phone_key ~ '^[1-9][0-9]{6,}$'
  AND NOT EXISTS (SELECT FROM suppressions o WHERE o.workspace_id = s.workspace_id
    AND o.phone_key = '+' || s.phone_key);
