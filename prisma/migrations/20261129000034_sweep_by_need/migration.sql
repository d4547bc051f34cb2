-- When the sweeper looks at a batch next. NULL: there is nothing to look after.
ALTER TABLE batches ADD COLUMN sweep_at timestamptz DEFAULT dialwright_now();
UPDATE batches SET sweep_at = NULL
  WHERE status IN ('DRAFT', 'COMPLETED', 'CANCELLED', 'FAILED') AND wake_sent_at IS NULL;
CREATE INDEX batches_sweep_idx ON batches (sweep_at) WHERE sweep_at IS NOT NULL;
CREATE INDEX batches_breakers_idx ON batches (id) WHERE status = 'RUNNING' AND breakers ? 'sampleSize';

-- The processes in which lanes wait, and when each was last seen. A row goes when its process is gone.
CREATE TABLE lane_processes (
  process text PRIMARY KEY,
  seen_at timestamptz NOT NULL
);
CREATE INDEX lane_demand_process_idx ON lane_demand (process);

-- Steps that the sweepers of all processes share, and when each is due again. One row a step.
CREATE TABLE sweep_steps (
  step text PRIMARY KEY,
  due_at timestamptz NOT NULL
);

-- When the sweeper counts a large batch again. NULL: its counts do not change by themselves.
ALTER TABLE batch_counts ADD COLUMN count_again_at timestamptz DEFAULT dialwright_now();
CREATE INDEX batch_counts_again_idx ON batch_counts (count_again_at) WHERE count_again_at IS NOT NULL;
