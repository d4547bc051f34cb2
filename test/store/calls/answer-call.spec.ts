import { randomUUID } from 'node:crypto';
import { deferCall, doubtCall, refuseCall, releaseCall } from '../../../store/calls/answer-call.js';
import type { ClaimedCall } from '../../../store/claims/claim-calls.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import {
  acceptCall,
  claim,
  claimOne,
  lane,
  readAttempt,
  recipientStates,
  seedBatch,
  seedWorkspace,
  type Workspace,
} from '../../support/seed.js';

let test: TestDatabase;
let workspace: Workspace;
let batchId: string;
beforeAll(async () => {
  test = await createTestDatabase();
});
beforeEach(async () => {
  workspace = await seedWorkspace(test.db);
  batchId = await seedBatch(test.db, workspace, { recipients: 1 });
});
afterAll(() => test.drop());

const states = () => recipientStates(test.db, batchId);
const release = ({ claimKey, dialToken }: { claimKey: string; dialToken: string }) =>
  releaseCall(test.db.pool, { workspaceId: workspace.workspaceId, claimKey, dialToken, why: 'budget' });

describe('the answer to a call request', () => {
  it('accepted: the attempt is in progress and keeps its slot; saying it again changes nothing', async () => {
    const call = await claimOne(test.db, workspace, batchId);
    expect(await acceptCall(test.db.pool, call.id, 'call-1')).toBe('IN_PROGRESS');
    const before = await readAttempt(test.db, call.id);
    expect(before).toMatchObject({ state: 'IN_PROGRESS', providerCallId: 'call-1', slotHeld: true });
    expect(await acceptCall(test.db.pool, call.id, 'call-1')).toBe('IN_PROGRESS');
    expect(await readAttempt(test.db, call.id)).toEqual(before);
  });

  it('refused: the attempt ends with its outcome and frees its slot, for the holder of the dial token only', async () => {
    const call = await claimOne(test.db, workspace, batchId);
    const refusal = {
      attemptId: call.id,
      dialToken: call.dialToken,
      outcome: 'INVALID_NUMBER' as const,
      endReason: 'invalid_destination',
    };
    expect(await refuseCall(test.db.pool, { ...refusal, dialToken: randomUUID() })).toBe(false);
    expect(await states()).toEqual(['IN_PROGRESS']);
    expect(await refuseCall(test.db.pool, refusal)).toBe(true);
    expect(await readAttempt(test.db, call.id)).toMatchObject({
      state: 'ENDED',
      outcome: 'INVALID_NUMBER',
      slotHeld: false,
    });
    expect(await states()).toEqual(['FAILED']);
  });

  it('no capacity: nothing is spent and the recipient waits before it is called again', async () => {
    const call = await claimOne(test.db, workspace, batchId);
    expect(
      await deferCall(test.db.pool, {
        attemptId: call.id,
        dialToken: call.dialToken,
        deferral: 'capacity',
        endReason: '429',
        retryAfterMs: 60_000,
      }),
    ).toBe(true);
    const [row] = await test.db.prisma.recipientState.findMany({ where: { batchId } });
    expect(row).toMatchObject({ state: 'WAITING', attemptsSpent: 0, attemptCount: 1, waitReason: 'PROVIDER_REFUSED' });
    const [answer] = await claim(test.db, workspace, [lane(batchId)]);
    expect(answer).toMatchObject({ verdict: 'WAIT', reason: 'NUMBER_BACKOFF' });
  });

  it.each([
    ['', async () => {}],
    [
      ', also when it is in doubt because its deadline has passed',
      (call: ClaimedCall) => doubtCall(test.db.pool, call.id, call.dialToken, 'no answer before the dial deadline'),
    ],
  ])('not sent: the slot is free, the recipient waits, and nothing is spent%s', async (_when, happen) => {
    const call = await claimOne(test.db, workspace, batchId);
    await happen(call);
    expect(await release({ ...call, dialToken: randomUUID() })).toBe(false);
    expect(await release(call)).toBe(true);
    expect(await release(call)).toBe(false);
    expect(await readAttempt(test.db, call.id)).toMatchObject({
      state: 'RELEASED',
      slotHeld: false,
      spendsAttempt: false,
    });
    expect(await states()).toEqual(['WAITING']);
  });

  it('not sent, in a batch that was cancelled meanwhile: the recipient is cancelled, not put back', async () => {
    const call = await claimOne(test.db, workspace, batchId);
    await test.db.pool.query(`UPDATE batches SET status = 'CANCELLED' WHERE id = $1`, [batchId]);
    await release(call);
    expect(await states()).toEqual(['CANCELLED']);
  });

  it('unknown: the attempt is uncertain, holds its slot, and its recipient is not called again', async () => {
    const call = await claimOne(test.db, workspace, batchId);
    expect(await doubtCall(test.db.pool, call.id, call.dialToken, 'timeout')).toBe(true);
    expect(await readAttempt(test.db, call.id)).toMatchObject({ state: 'UNCERTAIN', slotHeld: true });
    const [answer] = await claim(test.db, workspace, [lane(batchId)]);
    expect(answer).toMatchObject({ verdict: 'WAIT', reason: 'CALLS_IN_PROGRESS' });
  });
});
