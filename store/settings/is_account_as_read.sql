-- Whether an account's address, credentials and their being readable, and the installation's key, still are what was
-- decided by. Sealed texts differ each time, also of the same secret. The canary comes after the account's row is
-- locked, which a change of the key writes together with it; p_read without a canary asks for none.
CREATE OR REPLACE FUNCTION is_account_as_read(a provider_accounts, p_read jsonb) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT a.base_url = p_read ->> 'baseUrl' AND a.credentials = p_read ->> 'credentials'
    AND (a.unreadable_at IS NOT NULL) = (p_read ->> 'isUnreadable')::boolean
    AND (NOT p_read ? 'canary' OR (SELECT canary FROM installation) IS NOT DISTINCT FROM p_read ->> 'canary')
$$;
