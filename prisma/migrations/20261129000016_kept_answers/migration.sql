-- An answer is given again as it was, the order of its fields included: jsonb has an order of its own.
ALTER TABLE idempotency_keys ALTER COLUMN response TYPE json USING response::json;
