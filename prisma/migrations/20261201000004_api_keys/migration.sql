ALTER TABLE api_keys
  ALTER COLUMN created_at TYPE timestamptz(3),
  -- What begins the key: by it people, and those who find a leak, tell which one it is.
  ADD COLUMN prefix text NOT NULL DEFAULT '',
  -- The public id of the key that made it, or setup.
  ADD COLUMN created_by text NOT NULL DEFAULT 'setup',
  ADD COLUMN expires_at timestamptz,
  -- Within a minute.
  ADD COLUMN last_used_at timestamptz;
ALTER TABLE api_keys ALTER COLUMN prefix DROP DEFAULT, ALTER COLUMN created_by DROP DEFAULT;
CREATE INDEX api_keys_workspace_id_idx ON api_keys (workspace_id);
