import { BATCH_STATUSES } from '../batches/status.js';
import { REASONS } from '../reasons.js';
import { RECIPIENT_STATUSES, type RecipientStatus } from '../recipients/status.js';
import { sentenceOf, type Told } from './sentence.js';

const wording = { count: (count: number) => count.toLocaleString('en-US'), moment: (at: string) => `at ${at}` };

function told(reason: string, counts: Partial<Record<RecipientStatus, number>> = {}, more: Partial<Told> = {}): Told {
  const all = Object.fromEntries(RECIPIENT_STATUSES.map((status) => [status, counts[status] ?? 0]));
  const recipients = { ...(all as Record<RecipientStatus, number>), total: 0 };
  recipients.total = Object.values(all).reduce((sum, count) => sum + count, 0);
  const why = { reason, until: null, message: 'As the API says it.', blockedBy: null };
  return {
    status: 'RUNNING',
    statusReason: null,
    statusChange: null,
    why,
    counters: { recipients },
    timeZone: 'UTC',
    startAt: null,
    ...more,
  };
}

describe('the sentence of a batch', () => {
  it.each([...Object.keys(REASONS), ...BATCH_STATUSES])('has words for people when it is %s', (reason) => {
    const { text } = sentenceOf(told(reason, { PENDING: 2, IN_PROGRESS: 1 }), wording);

    expect(text).toMatch(/^[A-Z0-9].*[.!?]$/);
    expect(text).not.toMatch(/undefined|null|[A-Z]{2,}_[A-Z]/);
  });

  it.each(BATCH_STATUSES)('has words for people when it is %s, and the API has no reason to tell', (status) => {
    const { text } = sentenceOf({ ...told('', { PENDING: 2, IN_PROGRESS: 1 }), status, why: null }, wording);

    expect(text).toMatch(/^[A-Z0-9].*[.!?]$/);
    expect(text).not.toMatch(/undefined|null|[A-Z]{2,}_[A-Z]/);
  });

  it.each([
    ['PAUSED', { PENDING: 4_312 }, { statusReason: 'Paused by Ana' }, 'Paused by Ana. 4,312 wait.'],
    [
      'PAUSED',
      { PENDING: 1 },
      { statusChange: { at: '10:42', actorName: 'Ana' } },
      'Paused by Ana, at 10:42. 1 recipient waits.',
    ],
    [
      'PAUSED',
      { PENDING: 1 },
      { statusChange: { at: '10:42', actorName: null } },
      'Paused, at 10:42. 1 recipient waits.',
    ],
    ['OUTSIDE_HOURS', { PENDING: 1 }, {}, 'Closed: no call is allowed at this hour. 1 recipient waits.'],
    ['READY', { IN_PROGRESS: 18, QUEUED: 300 }, {}, 'Calling: 18 live, 300 to go.'],
    ['WORKSPACE_STOPPED', { IN_PROGRESS: 18 }, {}, 'All calling is stopped. 18 live calls go on.'],
    ['CALLS_IN_PROGRESS', { IN_PROGRESS: 1 }, {}, 'All were called; 1 call is live.'],
    ['COMPLETED', { COMPLETED: 1_200 }, {}, 'Completed: all 1,200 recipients are settled.'],
    [
      'COMPLETED',
      { COMPLETED: 3, UNCERTAIN: 2 },
      {},
      'Completed, but 2 recipients are uncertain: nobody knows whether there was a call.',
    ],
  ])('of %s', (reason, counts, more, text) => {
    expect(sentenceOf(told(reason, counts, more), wording).text).toBe(text);
  });

  it('says until when', () => {
    const batch = told('OUTSIDE_HOURS', { PENDING: 4_312 });
    batch.why!.until = '2026-12-01T09:00:00Z';

    expect(sentenceOf(batch, wording).text).toBe(
      'Closed: no call is allowed at this hour. 4,312 wait until at 2026-12-01T09:00:00Z.',
    );
  });

  it.each([
    ['READY', false, 'Calling: 18 of 20 slots, about 42 a minute, until about at 16:40.'],
    ['READY', true, 'Calling: 18 of 20 slots, about 42 a minute, first attempts until about at 16:40.'],
    [
      'BATCH_LIMIT',
      false,
      'All slots of the batch are in use: 18 calls here are live, about 42 a minute, until about at 16:40. 300 wait.',
    ],
    ['PAUSED', false, 'Paused. 300 wait.'],
  ])('of %s says how fast it goes where that is known and calls are made', (reason, isFirstAttempts, text) => {
    const batch = told(reason, { IN_PROGRESS: 18, QUEUED: 300 });
    const pace = { slots: 20, perMinute: 41.7, overMs: 60_000, finishAt: '16:40', isFirstAttempts };

    expect(sentenceOf(batch, wording, pace).text).toBe(text);
  });

  it('is told as the API tells it where there are no words of its own', () => {
    expect(sentenceOf(told('SOMETHING_NEW'), wording).text).toBe('As the API says it.');
  });
});
