import { toStoredBreakers } from '../domain/circuit-breakers.js';
import { openingsToWrite } from '../domain/openings-written.js';
import { maskPhone } from '../domain/phone.js';
import type { RecipientDraft } from '../domain/recipient-row.js';
import { WEEKDAYS, type CallWindow } from '../domain/window.js';
import { createBatch } from './create-batch.js';
import type { Database } from './database.js';

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
};

const ALWAYS = Object.fromEntries(WEEKDAYS.map((day) => [day, [['00:00', '24:00']]])) as CallWindow;
const TIME_ZONE = 'UTC';

/**
 * Makes a batch of the kind TEST with one recipient, to start now, at any hour, once. Its call takes the way of every other,
 * so suppressions, limits and the emergency stop hold for it. Safe to repeat with an id.
 */
export async function createTestCall(db: Database, call: TestCall): Promise<{ batchId: string; recipientId: string }> {
  const { id, workspaceId, actor, fromNumberId, agentId, recipient, nowMs } = call;
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
    hoursIn: 'batch',
    concurrencyLimit: null,
    reservedConcurrency: 0,
    callsPerSecond: null,
    maxAttempts: 1,
    retryPolicy: {},
    successCriterion: null,
    breakers: toStoredBreakers({ failureShare: null, providerErrorShare: null }),
    recipients: [recipient],
    openings: openingsToWrite({ window: ALWAYS, timeZone: TIME_ZONE, nowMs }),
  });
  const { rows } = await db.pool.query(
    'SELECT recipient_id AS "recipientId" FROM recipient_states WHERE batch_id = $1',
    [batchId],
  );
  return { batchId, recipientId: rows[0].recipientId };
}
