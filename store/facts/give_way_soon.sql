-- A write behind which others wait gives way soon to whoever holds one of its rows; its members are then written one by
-- one.
CREATE OR REPLACE FUNCTION give_way_soon() RETURNS void LANGUAGE sql AS $$
  SELECT set_config('lock_timeout', '500ms', true)
$$;
