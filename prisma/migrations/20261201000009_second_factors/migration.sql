-- What a person shows beside the password: codes of an app (RFC 6238). One a person.
CREATE TABLE second_factors (
  person_id uuid PRIMARY KEY REFERENCES people ON DELETE CASCADE,
  -- Sealed with the installation's key, for this person.
  secret text NOT NULL,
  -- When the first code of it was shown: it is asked for from then on. NULL: begun, and not asked for yet.
  confirmed_at timestamptz(3),
  -- The step of 30 seconds whose code was shown last: no code is good twice.
  last_step bigint
);

-- Each is good once in place of a code. A row that is spent is removed.
CREATE TABLE recovery_codes (
  person_id uuid NOT NULL REFERENCES second_factors ON DELETE CASCADE,
  -- SHA-256 of the code.
  code_hash bytea NOT NULL,
  PRIMARY KEY (person_id, code_hash)
);

ALTER TABLE workspaces ADD COLUMN requires_second_factor boolean NOT NULL DEFAULT false;
