import { describe, expect, it } from '@jest/globals';
import { parsePublicId } from '../../../domain/ids.js';
import { draft, job, seeded } from '../support/requests.js';
import { send, type TestApi } from '../support/test-api.js';

export function jobCases(getApi: () => TestApi): void {
  const begin = (batchId: string, json: object) => send(getApi(), 'beginJob', { params: { batchId }, json });
  const uuidOf = (batchId: string) => parsePublicId('batch', batchId)!;

  describe('a job', () => {
    it('that is small is done when it is answered, and is listed with its batch', async () => {
      const batchId = await draft(getApi());
      const { status, body } = await begin(batchId, { kind: 'remove', filter: { text: 'ADA' } });
      expect([status, body.status, body.counts.done]).toEqual([201, 'DONE', 1]);
      expect(body.filter).toMatchObject({ text: 'ADA', status: null, idCount: null });
      expect((await send(getApi(), 'getJob', { params: { jobId: body.id } })).body).toEqual(body);
      const { data } = (await send(getApi(), 'listJobs', { params: { batchId } })).body;
      expect(data).toEqual([body]);
      const { counters } = (await send(getApi(), 'getBatch', { params: { batchId } })).body;
      expect(counters.recipients.total).toBe(0);
    });

    it('finds by a whole number as a search does', async () => {
      const batchId = await draft(getApi());
      const missed = await begin(batchId, { kind: 'remove', filter: { text: '+1 202 555 0199' } });
      expect(missed.body.counts).toMatchObject({ examined: 1, matched: 0 });
      const found = await begin(batchId, { kind: 'remove', filter: { text: '001 (202) 555-0111' } });
      expect(found.body.counts).toMatchObject({ matched: 1, done: 1 });
    });

    it('edits variables and times, and shows what it changes', async () => {
      const batchId = await draft(getApi());
      const change = { variables: { city: 'Rome', plan: null }, notBefore: '2027-01-01T08:00:00.000Z', notAfter: null };
      const { body } = await begin(batchId, { kind: 'edit', filter: {}, change });
      expect(body).toMatchObject({ status: 'DONE', change, counts: { done: 1 } });
      const { data } = (await send(getApi(), 'listRecipients', { params: { batchId } })).body;
      expect(data[0]).toMatchObject({ variables: { city: 'Rome' }, notBefore: change.notBefore });
    });

    it('retries those who match, and shows its batch on its way', async () => {
      const batchId = await seeded(getApi(), { status: 'COMPLETED', recipients: 3 });
      await getApi().db.pool.query(
        `UPDATE recipient_states SET state = 'NO_ANSWER', last_outcome = CASE WHEN phone LIKE '%1' THEN 'BUSY' ELSE 'NO_ANSWER' END WHERE batch_id = $1`,
        [uuidOf(batchId)],
      );
      const { body } = await begin(batchId, { kind: 'retry', filter: { outcome: 'BUSY' } });
      expect(body).toMatchObject({ status: 'DONE', counts: { matched: 1, done: 1 } });
      const batch = (await send(getApi(), 'getBatch', { params: { batchId } })).body;
      expect(batch).toMatchObject({ status: 'PENDING', counters: { recipients: { PENDING: 1, NO_ANSWER: 2 } } });
    });

    it.each([
      ['remove', 'COMPLETED', 'action_not_allowed'],
      ['retry', 'RUNNING', 'action_not_allowed'],
      ['retry', 'COMPLETED', 'nothing_to_retry'],
    ] as const)('%s in a batch that is %s is 409 %s', async (kind, status, code) => {
      const batchId = await seeded(getApi(), { status, recipients: 1 });
      const refused = await begin(batchId, { kind, filter: { status: 'FAILED' } });
      expect([refused.status, refused.problem.code]).toEqual([409, code]);
    });

    it('is refused with what it lacks, or has too much of', async () => {
      const batchId = await draft(getApi());
      for (const [json, field] of [
        [{ kind: 'edit', filter: {} }, 'change'],
        [{ kind: 'edit', filter: {}, change: {} }, 'change'],
        [{ kind: 'remove', filter: {}, change: { notBefore: null } }, 'change'],
        [{ kind: 'settle', filter: {} }, 'verdict'],
        [{ kind: 'remove', filter: {}, verdict: 'called' }, 'verdict'],
        [{ kind: 'settle', filter: {}, verdict: 'give-up', outcome: 'BUSY' }, 'outcome'],
        [{ kind: 'remove' }, 'filter'],
        [{ kind: 'remove', filter: { text: ' ' } }, 'filter.text'],
        [{ kind: 'remove', filter: { text: 'a\0' } }, 'filter.text'],
        [{ kind: 'remove', filter: { recipientIds: [] } }, 'filter.recipientIds'],
        [{ kind: 'remove', filter: { recipientIds: Array(1_001).fill('x') } }, 'filter.recipientIds'],
        [{ kind: 'remove', filter: { everybody: true } }, 'filter.everybody'],
      ] as const) {
        const { status, problem } = await begin(batchId, json);
        expect([json, status, problem.errors[0]?.field]).toEqual([json, 422, field]);
      }
    });

    it('is the tenth that runs at most, and is told to come again', async () => {
      const batchId = await draft(getApi());
      const first = parsePublicId('job', await job(getApi(), { isRunning: true }));
      await getApi().db.pool.query(
        `INSERT INTO jobs (workspace_id, batch_id, kind, filter, actor, last_ordinal, total_count)
         SELECT workspace_id, batch_id, kind, filter, actor, last_ordinal, total_count FROM jobs, generate_series(1, 9) WHERE id = $1`,
        [first],
      );
      const refused = await begin(batchId, { kind: 'remove', filter: {} });
      expect([refused.status, refused.problem.code, refused.headers.get('retry-after')]).toEqual([
        ...[429, 'too_many_jobs', '10'],
      ]);
      await getApi().db.pool.query(
        `UPDATE jobs SET status = 'ENDED', finished_at = dialwright_now() WHERE status = 'RUNNING'`,
      );
    });

    it('is ended once, and says what it has done', async () => {
      const params = { jobId: await job(getApi(), { isRunning: true }) };
      const ended = await send(getApi(), 'endJob', { params });
      expect([ended.status, ended.body.status]).toEqual([200, 'ENDED']);
      const again = await send(getApi(), 'endJob', { params });
      expect([again.status, again.problem.code, again.problem['jobStatus']]).toEqual([
        ...[409, 'job_not_running', 'ENDED'],
      ]);
    });
  });
}
