-- Settings of a batch that SQL neither filters nor limits by, by their names in domain/batches/settings.ts. What it
-- does has a column of its own (with_settings).
ALTER TABLE batches ADD COLUMN settings jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(settings) = 'object');
UPDATE batches SET settings = jsonb_build_object('startLocal', start_local, 'endLocal', end_local,
  'blackoutDates', blackout_dates, 'holidays', holidays, 'lawfulOverride', lawful_override,
  'allowCostlyNumbers', allow_costly_numbers);
ALTER TABLE batches DROP COLUMN start_local, DROP COLUMN end_local, DROP COLUMN blackout_dates, DROP COLUMN holidays,
  DROP COLUMN lawful_override, DROP COLUMN allow_costly_numbers;
