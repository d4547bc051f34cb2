-- The credentials of an account are one sealed JSON object of texts, by their names in the schema of its kind
-- (telephony/). What was sealed apart cannot be joined here: an account from before asks for its credentials again.
ALTER TABLE provider_accounts ADD COLUMN credentials text NOT NULL DEFAULT '';
UPDATE provider_accounts SET unreadable_at = coalesce(unreadable_at, dialwright_now());
UPDATE batches SET status = 'PAUSED', version = version + 1, status_reason =
  'Enter the credentials of its provider account again (PATCH the provider account with credentials), then resume.'
  WHERE status = 'RUNNING' AND deleted_at IS NULL;
ALTER TABLE provider_accounts ALTER COLUMN credentials DROP DEFAULT, DROP COLUMN api_key, DROP COLUMN webhook_secret;
