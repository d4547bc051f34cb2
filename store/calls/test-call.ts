import { toStoredBreakers } from '../../domain/batches/circuit-breakers.js';
import { planHours, PLAIN_HOURS } from '../../domain/hours/batch-hours.js';
import { maskPhone } from '../../domain/recipients/phone.js';
import type { RecipientDraft } from '../../domain/recipients/recipient-row.js';
import { ALWAYS } from '../../domain/hours/window.js';
import { createBatch } from '../batches/create-batch.js';
import type { Database } from '../database.js';

type TestCall = {
  /** See `NewBatch`. */
  id: string | null;
  workspaceId: string;
  actor: string;
  fromNumberId: string;
  agentId: string;
  recipient: RecipientDraft;
  /** By PostgreSQL's clock. */
  nowMs: number;
  zoneData: string;
};

const TIME_ZONE = 'UTC';

/**
 * Makes a batch of the kind TEST with one recipient, to start now, at any hour, once. Its call takes the way of every other,
 * so suppressions, limits and the emergency stop hold for it. Safe to repeat with an id.
 */
export async function createTestCall(db: Database, call: TestCall): Promise<{ batchId: string; recipientId: string }> {
  const { id, workspaceId, actor, fromNumberId, agentId, recipient, nowMs, zoneData } = call;
  const batchId = await createBatch(db, {
    id,
    workspaceId,
    actor,
    kind: 'TEST',
    name: `Test call to ${maskPhone(recipient.phone)}`,
    status: 'SCHEDULED',
    fromNumberId,
    agentId,
    timeZone: TIME_ZONE,
    startAt: null,
    window: ALWAYS,
    ...PLAIN_HOURS,
    concurrencyLimit: null,
    reservedConcurrency: 0,
    callsPerSecond: null,
    maxAttempts: 1,
    retryPolicy: {},
    successCriterion: null,
    breakers: toStoredBreakers({ failureShare: null, providerErrorShare: null }),
    recipients: [recipient],
    openings: {
      rulePacksVersion: null,
      ...planHours({
        ...PLAIN_HOURS,
        window: ALWAYS,
        timeZone: TIME_ZONE,
        zoneSets: [''],
        rulePacks: null,
        nowMs,
        zoneData,
      }),
    },
  });
  const { rows } = await db.pool.query(
    'SELECT recipient_id AS "recipientId" FROM recipient_states WHERE batch_id = $1',
    [batchId],
  );
  return { batchId, recipientId: rows[0].recipientId };
}
