-- Whether a change of settings makes other hours: such a change raises the hours version, and no other does.
-- HOURS_SETTINGS of domain/batches/settings.ts is the same list.
CREATE OR REPLACE FUNCTION changes_hours(p_patch jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT p_patch ?| ARRAY['window', 'timeZone', 'hoursIn', 'unknownZone', 'purpose', 'blackoutDates', 'holidays',
    'lawfulOverride']
$$;
