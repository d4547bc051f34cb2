-- A batch's row with other settings: the keys of p_patch but those that only say something with a change. By their
-- names in domain/batches/settings.ts; null is a value. A setting that SQL filters or limits by has a column, which is
-- its name in snake case and checks it; the others lie in batches.settings.
CREATE OR REPLACE FUNCTION with_settings(b batches, p_patch jsonb) RETURNS batches LANGUAGE sql STABLE AS $$
  SELECT jsonb_populate_record(b,
      coalesce(jsonb_object_agg(s.column_name, s.value) FILTER (WHERE s.has_column), '{}')
        || jsonb_build_object('settings',
          b.settings || coalesce(jsonb_object_agg(s.name, s.value) FILTER (WHERE NOT s.has_column), '{}')))
    FROM jsonb_each(p_patch - ARRAY['statusReason', 'hangUp', 'discardImports', 'breaker', 'runHandled',
        'restorableFor', 'byJob', 'expectedVersion', 'readVersion']) AS given (name, value)
      CROSS JOIN LATERAL (SELECT lower(regexp_replace(given.name, '([A-Z])', '_\1', 'g')) AS column_name) c
      CROSS JOIN LATERAL (SELECT given.name, given.value, c.column_name, to_jsonb(b) ? c.column_name AS has_column) s
$$;
