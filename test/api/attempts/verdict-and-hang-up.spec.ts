import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { parsePublicId, publicId } from '../../../domain/ids.js';
import { storedBatch } from '../support/batch-rows.js';
import { loseAnswer } from '../support/lose-answer.js';
import { attempt } from '../support/requests.js';
import { send, startTestApi, type TestApi } from '../support/test-api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

/** The attempt as it is, its batch and its recipient as it is shown. */
async function look(attemptId: string) {
  const row = await api.db.prisma.attempt.findUniqueOrThrow({ where: { id: parsePublicId('attempt', attemptId)! } });
  const { body } = await send(api, 'getRecipient', {
    params: { recipientId: publicId('recipient', row.recipientId) },
  });
  return { row, recipient: body, batchId: publicId('batch', row.batchId) };
}

describe('a verdict', () => {
  it.each([
    [{ verdict: 'called' }, 'ENDED', 'ANSWERED', 'COMPLETED'],
    [{ verdict: 'called', outcome: 'BUSY' }, 'ENDED', 'BUSY', 'NO_ANSWER'],
    [{ verdict: 'not-called' }, 'NOT_PLACED', null, 'QUEUED'],
    [{ verdict: 'give-up' }, 'ENDED', 'UNCERTAIN', 'UNCERTAIN'],
  ])('%j settles an uncertain attempt, and its recipient', async (json, state, outcome, status) => {
    const attemptId = await attempt(api, 'UNCERTAIN');
    const answer = await send(api, 'giveVerdict', { params: { attemptId }, json, key: api.keys.operator });
    expect([answer.status, answer.body]).toEqual([200, expect.objectContaining({ id: attemptId, state, outcome })]);
    const { row, recipient, batchId } = await look(attemptId);
    expect([row.state, row.outcome, row.byVerdict, recipient.status]).toEqual([state, outcome, true, status]);
    expect((await storedBatch(api, batchId)).wakeSentVersion).not.toBeNull();
    expect(recipient.timeline).toContainEqual(
      expect.objectContaining({ what: 'verdict', attemptId, actor: expect.stringMatching(/^key_/) }),
    );
  });

  it('is given once: a second one is refused with the state that was found', async () => {
    const params = { attemptId: await attempt(api, 'UNCERTAIN') };
    await send(api, 'giveVerdict', { params, json: { verdict: 'called' } });
    const { status, problem } = await send(api, 'giveVerdict', { params, json: { verdict: 'not-called' } });
    expect([status, problem.code, problem['attemptState']]).toEqual([409, 'attempt_not_uncertain', 'ENDED']);
    expect((await look(params.attemptId)).recipient.status).toBe('COMPLETED');
  });

  it('is answered as it was when its request is repeated after the answer was lost', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const request = { params: { attemptId: await attempt(api, 'UNCERTAIN') }, json: { verdict: 'give-up' }, headers };
    const first = await send(api, 'giveVerdict', request);
    await loseAnswer(api, headers['idempotency-key']);
    expect((await send(api, 'giveVerdict', request)).body).toEqual(first.body);
  });

  it.each([
    [{ verdict: 'perhaps' }, 'verdict'],
    [{ verdict: 'called', outcome: 'HAPPY' }, 'outcome'],
    [{ verdict: 'not-called', outcome: 'BUSY' }, 'outcome'],
  ])('%j is refused', async (json, field) => {
    const params = { attemptId: await attempt(api, 'UNCERTAIN') };
    const { status, problem } = await send(api, 'giveVerdict', { params, json });
    expect([status, problem.errors[0]?.field]).toEqual([422, field]);
    expect((await look(params.attemptId)).row.state).toBe('UNCERTAIN');
  });
});

describe('hanging up', () => {
  it('asks for the end of a live call, and says so in the timeline', async () => {
    const attemptId = await attempt(api, 'IN_PROGRESS');
    const answer = await send(api, 'hangUp', { params: { attemptId } });
    const { body: call } = await send(api, 'getCall', { params: { callId: attemptId } });
    expect([answer.status, answer.body]).toEqual([202, { ...call, hangUpAskedAt: expect.any(String) }]);
    const { recipient } = await look(attemptId);
    expect(recipient.attempts[0].hangUpAskedAt).toEqual(expect.any(String));
    expect(recipient.timeline.map(({ what }: { what: string }) => what)).toEqual(['claimed', 'hang up']);
  });

  it('is refused when there is no live call', async () => {
    const params = { attemptId: await attempt(api, 'UNCERTAIN') };
    const { status, problem } = await send(api, 'hangUp', { params });
    expect([status, problem.code, problem['attemptState']]).toEqual([409, 'attempt_not_live', 'UNCERTAIN']);
    expect((await look(params.attemptId)).row.hangUpAskedAt).toBeNull();
  });

  it.each([
    [{ hangUp: true }, true],
    [{ hangUp: false }, false],
    [undefined, false],
  ])('goes with a cancel only when it is asked for: %j', async (json, isAsked) => {
    const attemptId = await attempt(api, 'IN_PROGRESS');
    await api.db.prisma.attempt.update({
      where: { id: parsePublicId('attempt', attemptId)! },
      data: { slotHeld: true },
    });
    const { batchId } = await look(attemptId);
    await send(api, 'cancelBatch', { params: { batchId }, json });
    const { row } = await look(attemptId);
    expect([row.state, row.hangUpAskedAt !== null]).toEqual(['IN_PROGRESS', isAsked]);
    await api.db.prisma.attempt.update({ where: { id: row.id }, data: { slotHeld: false } });
  });
});
