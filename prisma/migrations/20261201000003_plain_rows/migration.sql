-- Lists of these go by the time of a row and its id. In whole milliseconds it is the same in JavaScript.
ALTER TABLE provider_accounts ALTER COLUMN created_at TYPE timestamptz(3);
ALTER TABLE agents ALTER COLUMN created_at TYPE timestamptz(3);
ALTER TABLE phone_numbers ALTER COLUMN created_at TYPE timestamptz(3);
