import { actionStates, type BatchAtHand } from './action-states.js';
import { allowedActions, BATCH_ACTIONS, BATCH_STATUSES } from './status.js';

const NOBODY = { total: 0, PENDING: 0, QUEUED: 0, NO_ANSWER: 0, FAILED: 0, CANCELLED: 0, UNCERTAIN: 0 };
const RECIPIENTS = { total: 28, PENDING: 1, QUEUED: 2, NO_ANSWER: 4, FAILED: 8, CANCELLED: 10, UNCERTAIN: 3 };
const batch = (given: Partial<BatchAtHand>): BatchAtHand => ({
  status: 'RUNNING',
  kind: 'BATCH',
  missing: [],
  zonesOutstanding: false,
  recipients: RECIPIENTS,
  ...given,
});

describe('what may be done with a batch', () => {
  it.each(BATCH_STATUSES)('that is %s is what its status allows, with a reason for all else', (status) => {
    for (const kind of ['BATCH', 'TEST'] as const) {
      const states = actionStates(batch({ status, kind }));
      expect(BATCH_ACTIONS.filter((action) => states[action].allowed)).toEqual(allowedActions(status, kind));
      for (const { allowed, whyNot, count } of Object.values(states)) {
        expect(allowed).toBe(whyNot === null);
        if (whyNot) expect([whyNot.message.endsWith('.'), count]).toEqual([true, 0]);
      }
    }
  });

  it('says in which status it could be done', () => {
    const { resume, cancel } = actionStates(batch({ status: 'COMPLETED' }));
    expect(resume.whyNot).toEqual({
      code: 'wrong_status',
      message: 'The batch is COMPLETED. It can be resumed when it is PAUSED.',
    });
    expect(cancel.whyNot?.message).toContain('when it is SCHEDULED, PENDING, RUNNING or PAUSED.');
  });

  it('is not to submit it while it lacks something, or zones are being derived', () => {
    const submit = (given: Partial<BatchAtHand>) => actionStates(batch({ status: 'DRAFT', ...given })).submit;
    expect(submit({})).toMatchObject({ allowed: true, count: 3 });
    expect(submit({ missing: ['name', 'window'] }).whyNot).toEqual({
      code: 'batch_incomplete',
      message: 'The batch lacks: name, window.',
    });
    expect(submit({ zonesOutstanding: true }).whyNot).toMatchObject({ code: 'zones_outstanding' });
  });

  it('is no retry when nobody failed or went unanswered, or was cancelled before the call', () => {
    const retry = (status: BatchAtHand['status'], recipients: BatchAtHand['recipients']) =>
      actionStates(batch({ status, recipients })).retry;
    expect(retry('COMPLETED', { ...NOBODY, total: 5, CANCELLED: 5 }).whyNot).toMatchObject({
      code: 'nothing_to_retry',
    });
    expect(retry('CANCELLED', { ...NOBODY, total: 5, CANCELLED: 5 })).toMatchObject({ allowed: true, count: 5 });
  });

  it('says how many recipients it would touch', () => {
    const counts = (status: BatchAtHand['status']) =>
      Object.fromEntries(Object.entries(actionStates(batch({ status }))).map(([name, { count }]) => [name, count]));
    expect(counts('RUNNING')).toMatchObject({
      ...{ cancel: 3, pause: 3, delete: 3, removeRecipients: 3, editRecipients: 3, settleUncertain: 3 },
      ...{ duplicate: 28, rename: null, edit: null, addRecipients: null, resume: 0 },
    });
    expect(counts('COMPLETED')).toMatchObject({ retry: 12, delete: 0, cancel: 0 });
    expect(counts('CANCELLED')).toMatchObject({ retry: 22 });
  });
});
