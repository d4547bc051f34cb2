import { toStoredBreakers } from '../../domain/batches/circuit-breakers.js';
import {
  lawfulHoursOf,
  planHours,
  testCallHours,
  zoneSetOf,
  type LawfulOverride,
} from '../../domain/hours/batch-hours.js';
import { canCall, type CanCall } from '../../domain/hours/can-call.js';
import { maskPhone } from '../../domain/recipients/phone.js';
import type { RecipientDraft } from '../../domain/recipients/recipient-row.js';
import { ALWAYS } from '../../domain/hours/window.js';
import { insertBatch } from '../batches/create-batch.js';
import { inTransaction, type Database, type Queryable } from '../database.js';

type TestCall = {
  /** See `NewBatch`. */
  id: string | null;
  workspaceId: string;
  actor: string;
  fromNumberId: string;
  agentId: string;
  recipient: RecipientDraft;
  /** Lifts the lawful hours; null: they hold. */
  lawfulOverride: LawfulOverride | null;
  /** Of the workspace, in a minute. */
  perMinuteMax: number;
  zoneData: string;
};

export type TestCallAnswer =
  | { is: 'made'; batchId: string; recipientId: string }
  | { is: 'outside-hours'; hours: CanCall }
  /** So many were made in the last minute that the next may be asked for in this time. */
  | { is: 'too-many'; waitMs: number };

type Standing = { made: boolean; rulePacks: string[] | null; nowMs: number; waitMs: number | null };

const TIME_ZONE = 'UTC';
const NO_BREAKERS = toStoredBreakers({ failureShare: null, providerErrorShare: null });

/**
 * Makes a batch of the kind TEST with one recipient, to start now, once, inside the lawful hours and the pace of test calls.
 * Its call takes the way of every other, so suppressions, limits and the emergency stop hold for it, and its openings are these
 * hours: a call that has to wait until they are over waits until they begin again. Under the workspace lock, so that requests that
 * come together cannot pass the pace, and no change of the rule packs comes in between. Safe to repeat with an id.
 */
export async function createTestCall(db: Database, call: TestCall): Promise<TestCallAnswer> {
  return inTransaction(db, async (tx) => {
    await tx.query('SELECT lock_workspace($1)', [call.workspaceId]);
    const { made, rulePacks, nowMs, waitMs } = await readStanding(tx, call);
    if (!made) {
      const hours = hoursAt(call, rulePacks, nowMs);
      if (!hours.allowed) return { is: 'outside-hours', hours };
      if (waitMs !== null) return { is: 'too-many', waitMs };
    }
    const batchId = await insertBatch(tx, toBatch(call, rulePacks, nowMs));
    const { rows } = await tx.query('SELECT recipient_id AS "recipientId" FROM recipient_states WHERE batch_id = $1', [
      batchId,
    ]);
    return { is: 'made', batchId, recipientId: rows[0].recipientId };
  });
}

/** Whether an earlier try of this request was committed, and how the workspace stands. */
async function readStanding(tx: Queryable, { id, workspaceId, perMinuteMax }: TestCall): Promise<Standing> {
  // One stamped more than 5 s ahead means that the clock went back; it is not counted.
  const { rows } = await tx.query(
    `SELECT EXISTS (SELECT FROM batches WHERE id = $2) AS made, w.rule_packs AS "rulePacks",
       (extract(epoch FROM t.now) * 1000)::float8 AS "nowMs",
       (SELECT ceil(extract(epoch FROM made.created_at + interval '1 minute' - t.now) * 1000)::float8 FROM batches made
        WHERE made.workspace_id = w.id AND made.kind = 'TEST' AND made.created_at > t.now - interval '1 minute'
          AND made.created_at <= t.now + interval '5 s'
        ORDER BY made.created_at DESC OFFSET $3 - 1 LIMIT 1) AS "waitMs"
     FROM workspaces w, (SELECT dialwright_now() AS now) t WHERE w.id = $1`,
    [workspaceId, id, perMinuteMax],
  );
  return rows[0];
}

function hoursAt({ recipient, lawfulOverride }: TestCall, rulePacks: string[] | null, atMs: number): CanCall {
  const spec = testCallHours(lawfulOverride);
  return canCall({
    phone: recipient.phone,
    rule: { window: ALWAYS },
    hoursIn: 'recipient',
    batchZone: TIME_ZONE,
    unknownZone: spec.unknownZone,
    lawful: lawfulHoursOf(spec, rulePacks),
    atMs,
  });
}

function toBatch(call: TestCall, rulePacks: string[] | null, nowMs: number) {
  const { id, workspaceId, actor, fromNumberId, agentId, recipient, lawfulOverride, zoneData } = call;
  const hours = testCallHours(lawfulOverride);
  const zoneSets = [zoneSetOf(recipient, hours)];
  const to = maskPhone(recipient.phone);
  return {
    id,
    workspaceId,
    actor,
    kind: 'TEST',
    name: `Test call to ${to}`,
    status: 'SCHEDULED',
    fromNumberId,
    agentId,
    timeZone: TIME_ZONE,
    startAt: null,
    window: ALWAYS,
    ...hours,
    concurrencyLimit: null,
    reservedConcurrency: 0,
    callsPerSecond: null,
    maxAttempts: 1,
    retryPolicy: {},
    successCriterion: null,
    breakers: NO_BREAKERS,
    recipients: [recipient],
    openings: {
      ...planHours({ ...hours, window: ALWAYS, timeZone: TIME_ZONE, zoneSets, rulePacks, nowMs, zoneData }),
      rulePacksVersion: null, // read under the lock
    },
    auditDetail: { to, ignoreLawfulHours: lawfulOverride !== null },
  } as const;
}
