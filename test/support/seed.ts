import { randomUUID } from 'node:crypto';
import type { BatchStatus } from '../../domain/batches/status.js';
import { acceptCalls } from '../../store/calls/answer-call.js';
import { claimCalls, type ClaimAnswer, type ClaimedCall, type LaneClaim } from '../../store/claims/claim-calls.js';
import type { Database, Queryable } from '../../store/database.js';
import { createProviderAccount } from '../../store/settings/provider-accounts.js';
import { testSecrets } from './secrets.js';
import { CREDENTIALS } from './credentials.js';

export type Workspace = { workspaceId: string; providerAccountId: string; agentId: string; fromNumberId: string };

type WorkspaceOptions = {
  concurrencyLimit?: number;
  baseUrl?: string;
  settleDelayMs?: number;
  callLengthMaxMs?: number;
  ringLeadMs?: number;
};

/** A workspace with one provider account, agent and from-number. */
export async function seedWorkspace(db: Database, options: WorkspaceOptions = {}): Promise<Workspace> {
  const { prisma } = db;
  const workspace = await prisma.workspace.create({
    data: { name: 'Test', concurrencyLimit: options.concurrencyLimit ?? 20 },
  });
  const providerAccountId = await createProviderAccount(db, testSecrets, {
    id: null,
    workspaceId: workspace.id,
    kind: 'simulator',
    name: 'Carrier',
    baseUrl: options.baseUrl ?? 'http://127.0.0.1:9',
    credentials: CREDENTIALS,
    settleDelayMs: options.settleDelayMs ?? 200,
    ringLeadMs: options.ringLeadMs ?? 2_000,
    callLengthMaxMs: options.callLengthMaxMs ?? 3_600_000,
  });
  const agent = await prisma.agent.create({
    data: { workspaceId: workspace.id, providerAccountId, providerAgentId: 'agent-1', name: 'Ana' },
  });
  const number = await prisma.phoneNumber.create({
    data: {
      workspaceId: workspace.id,
      providerAccountId,
      phone: '+12025550100',
      outboundAgentId: agent.id,
    },
  });
  return { workspaceId: workspace.id, providerAccountId, agentId: agent.id, fromNumberId: number.id };
}

type BatchOptions = {
  status?: BatchStatus;
  phones?: string[];
  recipients?: number;
  concurrencyLimit?: number;
  startAt?: Date;
  timeZone?: string;
  window?: Record<string, string[][]>;
  /** From now, in milliseconds; null leaves the batch without any opening. */
  opening?: { opensInMs: number; closesInMs: number } | null;
};

/** A batch whose recipients have the numbers `+1202555…`, RUNNING and open for a day unless told otherwise. */
export async function seedBatch(db: Database, workspace: Workspace, options: BatchOptions = {}): Promise<string> {
  const phones =
    options.phones ?? Array.from({ length: options.recipients ?? 3 }, (_, index) => `+1202555${String(1000 + index)}`);
  const batch = await db.prisma.batch.create({
    data: {
      workspaceId: workspace.workspaceId,
      name: 'Reminders',
      status: options.status ?? 'RUNNING',
      fromNumberId: workspace.fromNumberId,
      agentId: workspace.agentId,
      timeZone: options.timeZone ?? 'Europe/Madrid',
      window: options.window ?? { monday: [['00:00', '24:00']] },
      startAt: options.startAt ?? new Date(Date.now() - 1_000),
      submittedAt: new Date(),
      concurrencyLimit: options.concurrencyLimit ?? null,
    },
  });
  await addRecipients(db, batch.id, phones);
  const opening = options.opening === undefined ? { opensInMs: -60_000, closesInMs: 86_400_000 } : options.opening;
  if (opening) await openBatch(db, batch.id, opening);
  return batch.id;
}

async function addRecipients(db: Database, batchId: string, phones: string[]): Promise<void> {
  await db.pool.query('SELECT insert_recipients($1, NULL, $2)', [
    batchId,
    JSON.stringify(phones.map((phone) => ({ phone }))),
  ]);
}

export async function openBatch(
  db: Database,
  batchId: string,
  { opensInMs, closesInMs }: { opensInMs: number; closesInMs: number },
): Promise<void> {
  await db.pool.query(
    `INSERT INTO openings (batch_id, hours_version, opens_at, closes_at)
     SELECT id, hours_version, dialwright_now() + make_interval(secs => $2), dialwright_now() + make_interval(secs => $3) FROM batches WHERE id = $1`,
    [batchId, opensInMs / 1000, closesInMs / 1000],
  );
  await db.pool.query(`UPDATE batches SET openings_until = 'infinity' WHERE id = $1`, [batchId]);
}

export function lane(batchId: string, overrides: Partial<LaneClaim> = {}): LaneClaim {
  return {
    batchId,
    generation: 1,
    laneEpoch: 1,
    claimKey: `test/${randomUUID()}`,
    dialToken: randomUUID(),
    ...overrides,
  };
}

export async function claim(
  db: Database,
  workspace: Workspace,
  lanes: LaneClaim[],
  process = 'test',
): Promise<ClaimAnswer[]> {
  return claimCalls(db.pool, {
    workspaceId: workspace.workspaceId,
    process,
    dialBudgetMs: 250,
    requestTimeoutMs: 8_000,
    claimsMax: 16,
    lanes,
  });
}

/** Claims one call and fails the test when none is given. */
export async function claimOne(
  db: Database,
  workspace: Workspace,
  batchId: string,
): Promise<ClaimedCall & { claimKey: string }> {
  const waiting = lane(batchId);
  const [answer] = await claim(db, workspace, [waiting]);
  if (answer?.verdict !== 'CLAIMED') throw new Error(`no call was claimed: ${JSON.stringify(answer)}`);
  return { ...answer.call, claimKey: waiting.claimKey };
}

export async function readAttempt(db: Database, attemptId: string) {
  return db.prisma.attempt.findUniqueOrThrow({ where: { id: attemptId } });
}

/** States of a batch's recipients, in order. */
export async function recipientStates(db: Database, batchId: string): Promise<string[]> {
  const rows = await db.prisma.recipientState.findMany({ where: { batchId }, orderBy: { ordinal: 'asc' } });
  return rows.map((row) => row.state);
}

/** The provider has one call. Returns its attempt's state afterwards. */
export async function acceptCall(db: Queryable, attemptId: string, callId: string): Promise<string | undefined> {
  const [state] = await acceptCalls(db, [{ attemptId, callId }]);
  return state;
}
