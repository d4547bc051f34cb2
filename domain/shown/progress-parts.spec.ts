import { RECIPIENT_STATUSES, type RecipientStatus } from '../recipients/status.js';
import { PROGRESS_PARTS, settledPercent } from './progress-parts.js';

function counts(some: Partial<Record<RecipientStatus, number>>): Parameters<typeof settledPercent>[0] {
  const all = Object.fromEntries(RECIPIENT_STATUSES.map((status) => [status, some[status] ?? 0]));
  const total = Object.values(all).reduce((sum, count) => sum + count, 0);
  return { ...(all as Record<RecipientStatus, number>), total };
}

describe('the parts of the progress bar', () => {
  it('are all statuses of a recipient, each once, so that they add up to all recipients', () => {
    expect(PROGRESS_PARTS.map(({ status }) => status).sort()).toEqual([...RECIPIENT_STATUSES].sort());
  });

  it.each([
    ['nobody is there', {}, 0],
    ['nobody is settled', { PENDING: 3, UNCERTAIN: 1 }, 0],
    ['one of a million is settled', { PENDING: 999_999, COMPLETED: 1 }, 1],
    ['all but one of a million are settled', { COMPLETED: 999_999, IN_PROGRESS: 1 }, 99],
    ['one is uncertain', { COMPLETED: 99, UNCERTAIN: 1 }, 99],
    ['all are settled, each in its way', { COMPLETED: 1, NO_ANSWER: 1, FAILED: 1, CANCELLED: 1, SUPPRESSED: 1 }, 100],
  ])('when %s', (_, some, percent) => {
    expect(settledPercent(counts(some))).toBe(percent);
  });
});
