import type { Actor } from '../../domain/people/actor.js';
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
import { valuesOf, type NewBatch } from '../changes/create-batch.js';
import { BARE_SETTINGS } from '../../domain/batches/settings.js';
import type { Database, Queryable } from '../database.js';

type TestCall = {
  /** See `NewBatch`. */
  id: string | null;
  workspaceId: string;
  actor: Actor;
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
  | { is: 'too-many'; waitMs: number }
  /** The rule packs were changed each time between planning and making: no call was made. */
  | { is: 'overtaken' };

/** What the hours of a test call are planned by; `isMade` when an earlier try of this request was committed. */
type Standing = { isMade: boolean; rulePacks: string[] | null; rulePacksVersion: number; nowMs: number };

const TIME_ZONE = 'UTC';
const ONE_CALL = {
  ...BARE_SETTINGS,
  breakers: toStoredBreakers({ failureShare: null, providerErrorShare: null }),
};
/** Planned outside the lock as often as this. */
const PLANS_MAX = 4;

/**
 * Makes a batch of the kind TEST with one recipient, to start now, once, inside the lawful hours and the pace of test calls
 * (`create_test_call`). Its call takes the way of every other, so suppressions, limits and the emergency stop hold for it, and
 * its openings are these hours: a call that has to wait until they are over waits until they begin again. They are planned
 * before; when the rule packs change meanwhile, or the hours end, they are planned again. Safe to repeat with an id.
 */
export async function createTestCall(db: Database, call: TestCall): Promise<TestCallAnswer> {
  for (let plans = 0; plans < PLANS_MAX; plans++) {
    const standing = await readStanding(db.pool, call);
    const hours = hoursAt(call, standing);
    if (!standing.isMade && !hours.allowed) return { is: 'outside-hours', hours };
    const { rows } = await db.pool.query(
      `SELECT result, batch_id AS "batchId", recipient_id AS "recipientId", wait_ms AS "waitMs"
       FROM create_test_call($1, $2, $3)`,
      [...(await valuesOf(toBatch(call, standing))), call.perMinuteMax],
    );
    const { result, batchId, recipientId, waitMs } = rows[0];
    if (result === 'MADE') return { is: 'made', batchId, recipientId };
    if (result === 'TOO_MANY') return { is: 'too-many', waitMs };
  }
  return { is: 'overtaken' };
}

async function readStanding(db: Queryable, { id, workspaceId }: TestCall): Promise<Standing> {
  const { rows } = await db.query(
    `SELECT EXISTS (SELECT FROM batches WHERE id = $2) AS "isMade", rule_packs AS "rulePacks",
       rule_packs_version AS "rulePacksVersion", (extract(epoch FROM dialwright_now()) * 1000)::float8 AS "nowMs"
     FROM workspaces WHERE id = $1`,
    [workspaceId, id],
  );
  return rows[0];
}

function hoursAt({ recipient, lawfulOverride }: TestCall, { rulePacks, nowMs }: Standing): CanCall {
  const spec = testCallHours(lawfulOverride);
  return canCall({
    phone: recipient.phone,
    rule: { window: ALWAYS },
    hoursIn: 'recipient',
    batchZone: TIME_ZONE,
    unknownZone: spec.unknownZone,
    lawful: lawfulHoursOf(spec, rulePacks),
    atMs: nowMs,
  });
}

function toBatch(call: TestCall, { rulePacks, rulePacksVersion, nowMs }: Standing): NewBatch {
  const { id, workspaceId, actor, fromNumberId, agentId, recipient, lawfulOverride, zoneData } = call;
  const hours = testCallHours(lawfulOverride);
  const zoneSets = [zoneSetOf(recipient, hours)];
  const to = maskPhone(recipient.phone);
  return {
    id,
    workspaceId,
    actor,
    kind: 'TEST',
    status: 'SCHEDULED',
    settings: {
      ...ONE_CALL,
      ...hours,
      name: `Test call to ${to}`,
      fromNumberId,
      agentId,
      timeZone: TIME_ZONE,
      window: ALWAYS,
    },
    recipients: [recipient],
    openings: {
      ...planHours({ ...hours, window: ALWAYS, timeZone: TIME_ZONE, zoneSets, rulePacks, nowMs, zoneData }),
      rulePacksVersion,
    },
    auditDetail: { to, ignoreLawfulHours: lawfulOverride !== null },
  };
}
