ALTER TABLE api_keys
  ALTER COLUMN created_at TYPE timestamptz(3),
  -- What begins the key: by it people, and those who find a leak, tell which one it is.
  ADD COLUMN prefix text NOT NULL DEFAULT '',
  -- The public id of the key that made it, or setup.
  ADD COLUMN created_by text NOT NULL DEFAULT 'setup',
  ADD COLUMN expires_at timestamptz,
  -- The key that took over from it. A key is rolled once.
  ADD COLUMN successor_id uuid,
  -- Within a minute.
  ADD COLUMN last_used_at timestamptz;
ALTER TABLE api_keys ALTER COLUMN prefix DROP DEFAULT, ALTER COLUMN created_by DROP DEFAULT;
CREATE INDEX api_keys_workspace_id_idx ON api_keys (workspace_id);
-- Keys from before have another form, and are of no use any more: npm run setup -- --workspace NAME --admin-key.
UPDATE api_keys SET revoked_at = coalesce(revoked_at, dialwright_now());
