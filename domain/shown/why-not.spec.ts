import { BATCH_ACTIONS, BATCH_STATUSES, isAllowed } from '../batches/status.js';
import { whyNotShown } from './why-not.js';

const wrong = { whyNot: { code: 'wrong_status', message: 'The batch is RUNNING.' } } as const;

describe('why an action is not possible, on a page', () => {
  it.each(BATCH_ACTIONS)('%s has no word of programs in it, whatever the status', (action) => {
    for (const status of BATCH_STATUSES.filter((each) => !isAllowed(action, each)))
      expect(whyNotShown(action, status, wrong)).not.toMatch(/[A-Z]{2}|undefined/);
  });

  it('says in which statuses it is', () => {
    expect(whyNotShown('pause', 'CANCELLED', wrong)).toBe(
      'The batch is cancelled. That is possible while it is in progress.',
    );
    expect(whyNotShown('retry', 'RUNNING', wrong)).toBe(
      'The batch is in progress. That is possible while it is completed, cancelled or failed.',
    );
  });

  it('is told as the API tells it where the status is not why, and is null where nothing is', () => {
    const whyNot = { code: 'nothing_to_retry', message: 'No recipient failed.' } as const;
    expect(whyNotShown('retry', 'COMPLETED', { whyNot })).toBe('No recipient failed.');
    expect(whyNotShown('retry', 'COMPLETED', { whyNot: null })).toBeNull();
  });
});
