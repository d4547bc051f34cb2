-- One chunk of a job: looks at the next recipients, at most p_work.limit, and changes those that match its filter and
-- may be changed. Place, counts and changes are one commit, so that a chunk that is repeated after a death changes and
-- counts nobody twice. p_work: {limit, from: by kind the statuses of the batch that allow it, waitingMeans, openZones}:
-- how the batch's recipients are shown at this moment, for a filter by status. Returns is_more: whether there is more
-- to do at once; is_over: whether this chunk was the last. Neither while another process does its work, or while rows
-- of the batch still follow a cancel or a retry.
--
-- Locks: the job's row, which its end waits for, then those of its kind in the order of claim_calls. No recipient is
-- waited for: who is just being called or changed is passed over, and counted as BUSY.
CREATE OR REPLACE FUNCTION do_job_work(p_job uuid, p_work jsonb, OUT is_more boolean, OUT is_over boolean)
LANGUAGE plpgsql SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off
  SET enable_incremental_sort = off AS $$
DECLARE
  j jobs;
  b batches;
  page record;
  matched uuid[];
  work jsonb;
  problem text;
BEGIN
  is_more := false;
  is_over := false;
  SELECT * INTO j FROM jobs WHERE id = p_job AND status = 'RUNNING' FOR NO KEY UPDATE SKIP LOCKED;
  IF NOT FOUND THEN RETURN; END IF;
  b := lock_for_job(j);
  problem := job_problem(j, b, p_work -> 'from');
  IF problem IS NOT NULL THEN
    PERFORM finish_job(j, 'FAILED', problem);
    is_over := true;
    RETURN;
  END IF;
  IF b.chunk_work <> (CASE j.kind WHEN 'retry' THEN 'RETRY_JOB' ELSE '' END) THEN RETURN; END IF;

  SELECT * INTO page FROM next_page_of_job(j, (p_work ->> 'limit')::integer);
  matched := ARRAY(SELECT s.recipient_id FROM recipient_states s
    WHERE s.recipient_id = ANY (page.ids) AND matches_job(s, j.filter, p_work));
  work := CASE WHEN cardinality(matched) = 0 THEN '{"done": 0, "skipped": {}}' ELSE change_for_job(j, b, matched) END;

  -- A chunk with verdicts holds the batch's row shared, as others may: what finishes the job writes that row.
  is_over := cardinality(page.ids) < (p_work ->> 'limit')::integer
    AND (j.kind <> 'settle' OR cardinality(matched) = 0);
  is_more := NOT is_over;
  UPDATE jobs SET reached_ordinal = coalesce(page.reached, j.reached_ordinal),
    examined_count = j.examined_count + cardinality(page.ids), matched_count = j.matched_count + cardinality(matched),
    done_count = j.done_count + (work ->> 'done')::integer, failures = 0,
    skipped = add_counts(add_counts(j.skipped, work -> 'skipped'), CASE WHEN is_over AND j.filter ? 'recipientIds'
      THEN jsonb_build_object('NOT_FOUND',
        jsonb_array_length(j.filter -> 'recipientIds') - j.examined_count - cardinality(page.ids)) ELSE '{}' END)
    WHERE id = j.id AND status = 'RUNNING' RETURNING * INTO j;
  IF NOT FOUND THEN RAISE EXCEPTION 'job % changed under its lock', p_job; END IF;
  IF is_over THEN PERFORM finish_job(j, 'DONE', NULL); END IF;
END $$;
