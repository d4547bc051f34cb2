-- Key to value, by which people find batches again: domain/batches/labels.ts has the bounds.
ALTER TABLE batches ADD COLUMN labels jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(labels) = 'object');
-- Of labelled batches only: a batch that calls is written often, and each writing may add an entry for every label.
CREATE INDEX batches_labels_idx ON batches USING gin (labels jsonb_path_ops) WHERE labels <> '{}';
