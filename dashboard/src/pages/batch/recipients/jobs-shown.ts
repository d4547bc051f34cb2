import type { Schemas } from '../../../api/client.js';

export type JobKind = {
  label: string;
  /** What the job is made of. */
  body: Pick<Schemas['BeginJob'], 'kind' | 'verdict'>;
  /** The action of the batch that allows it. */
  action: 'removeRecipients' | 'retry' | 'settleUncertain';
  isGrave?: true;
  asks: (people: string) => string;
  says: string;
  /** In a batch that is over, which calls nobody. */
  saysWhenOver?: string;
};

/** What can be done with many recipients at once. Those for whom it is not meant are left out, and counted. */
export const JOBS_SHOWN: readonly JobKind[] = [
  {
    label: 'Remove',
    body: { kind: 'remove' },
    action: 'removeRecipients',
    isGrave: true,
    asks: (people) => `Remove ${people}?`,
    says: 'Those who wait are taken out of the batch and not called. Those who are being called, or are settled, stay.',
  },
  {
    label: 'Call again',
    body: { kind: 'retry' },
    action: 'retry',
    asks: (people) => `Call ${people} again?`,
    says: 'Only those who were not reached, failed or were cancelled. Whoever was reached stays out.',
  },
  {
    label: 'Settle: give up',
    body: { kind: 'settle', verdict: 'give-up' },
    action: 'settleUncertain',
    asks: (people) => `Give up on ${people}?`,
    says: 'Of those who are uncertain: nobody will find out whether there was a call, and they are not called again.',
  },
  {
    label: 'Settle: called',
    body: { kind: 'settle', verdict: 'called' },
    action: 'settleUncertain',
    asks: (people) => `Were ${people} called?`,
    says: 'Those who are uncertain become Completed. What the provider reports later still corrects it.',
  },
  {
    label: 'Settle: not called',
    body: { kind: 'settle', verdict: 'not-called' },
    action: 'settleUncertain',
    isGrave: true,
    asks: (people) => `Were ${people} not called?`,
    saysWhenOver: 'The batch is over: they become Failed, and are called when the batch is called again.',
    says: 'They are called again; if there was a call, the phone rings twice. Look at the list of calls of the provider first.',
  },
];
