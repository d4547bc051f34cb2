-- Whether the from-numbers that the provider lists are those of the account: every number that is in use here, unless
-- the list may be cut, and none that is not known here. A list without a number shows nothing.
CREATE OR REPLACE FUNCTION lists_same_numbers(p_account uuid, p_key jsonb) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT jsonb_array_length(p_key -> 'phones') > 0
    AND NOT EXISTS (SELECT FROM jsonb_array_elements_text(p_key -> 'phones') AS listed (phone)
      WHERE NOT EXISTS (SELECT FROM phone_numbers n WHERE n.provider_account_id = p_account AND n.phone = listed.phone))
    AND ((p_key ->> 'isListCut')::boolean
      OR NOT EXISTS (SELECT FROM phone_numbers n WHERE n.provider_account_id = p_account AND n.disabled_at IS NULL
        AND NOT p_key -> 'phones' ? n.phone))
$$;
