import type { Mutant } from './mutant.js';

const SNAPSHOT = 'test/store/calls/long-snapshot.spec.ts';
const CURSORS = 'test/store/calls/claim-cursors.spec.ts';

/** What has been must cost a claim nothing, and nobody may be lost for it. */
export const GROWTH_MUTANTS: readonly Mutant[] = [
  {
    protection: 'claims go on from their cursors',
    file: 'store/calls/claim_calls.sql',
    find: 'PERFORM move_claim_cursors(b.id, t, lead);',
    replace: 'NULL;',
    spec: SNAPSHOT,
    title: 'costs a claim the same after many calls of those who wait for no time',
  },
  {
    protection: 'claims go on from their cursors among those who waited for a time',
    file: 'store/waiting/move_claim_cursors.sql',
    find: 'OR place.is_timed',
    replace: '',
    spec: SNAPSHOT,
    title: 'costs a claim the same after many calls of those whom a time kept waiting',
  },
  {
    protection: 'the looks for held slots begin anew every second',
    file: 'store/slots/begin_slot_epoch.sql',
    find: "e.began_at > p_now - interval '1 s'",
    replace: 'true',
    spec: SNAPSHOT,
    title: 'costs a claim the same beside a call that is live from the first second on',
  },
  {
    protection: 'a look for recipients in a call begins with the slots',
    file: 'store/calls/batch_prospect.sql',
    find: "CASE WHEN NOT p_confirm AND is_in_a_call(b.workspace_id, p_batch) THEN 'IN_PROGRESS' ELSE",
    replace: 'CASE WHEN true THEN',
    spec: SNAPSHOT,
    title: 'costs a claim the same when the last recipients are in a call',
  },
  {
    protection: 'a slot of an earlier epoch is counted',
    file: 'store/slots/begin_slot_epoch.sql',
    find: 'held := ARRAY(SELECT h.id FROM held_slots(p_workspace) h WHERE h.slot_epoch < 2147483647);',
    replace: "held := '{}';",
    spec: CURSORS,
    title: 'is counted for as long as its call lasts',
  },
  {
    protection: 'a slot that evidence takes back is counted in every epoch',
    file: 'store/attempts/show_call_live.sql',
    find: 'slot_epoch = CASE WHEN x.slot_held THEN x.slot_epoch ELSE 2147483647 END,',
    replace: '',
    spec: CURSORS,
    title: 'is counted when evidence takes it back after hours',
  },
  {
    protection: 'an edited recipient gets a place that the claims have not passed',
    file: 'store/recipients/edit_recipient.sql',
    find: 'IF FOUND THEN s.due_at := dialwright_now(); END IF;',
    replace: '',
    spec: CURSORS,
    title: 'calls one that comes from a zone that was closed',
  },
  {
    protection: 'an added recipient whose time is over waits for no time',
    file: 'store/recipients/insert_recipients.sql',
    find: "CASE WHEN (r ->> 'notBefore')::timestamptz > dialwright_now() THEN (r ->> 'notBefore')::timestamptz ELSE '-infinity' END",
    replace: "coalesce((r ->> 'notBefore')::timestamptz, '-infinity')",
    spec: CURSORS,
    title: 'calls one that is added with a time that is over',
  },
  {
    protection: 'a cursor holds for its generation',
    file: 'store/waiting/claim_zones.sql',
    find: ' AND c.generation = b.generation',
    replace: '',
    spec: CURSORS,
    title: 'calls everybody again after a retry',
  },
  {
    protection: 'that nobody is due is confirmed among everybody',
    file: 'store/calls/batch_prospect.sql',
    find: 'IF wants = 0 AND p_confirm THEN',
    replace: 'IF false THEN',
    spec: CURSORS,
    title: 'finds one behind its cursors before it says that nobody is due',
  },
  {
    protection: 'who is found behind the cursors is called',
    file: 'store/batches/look_at_batch.sql',
    find: 'DELETE FROM claim_cursors WHERE batch_id = p_batch;',
    replace: 'NULL;',
    spec: CURSORS,
    title: 'finds one behind its cursors before it says that nobody is due',
  },
];
