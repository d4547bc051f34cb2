-- Waiting lanes of every batch of the workspace look again.
CREATE OR REPLACE FUNCTION notify_lanes(p_workspace uuid) RETURNS void LANGUAGE sql AS $$
  SELECT pg_notify('dialwright_lanes', p_workspace::text)
$$;
