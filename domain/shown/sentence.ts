import type { BatchStatus } from '../batches/status.js';
import type { BlockingThing } from '../reasons.js';
import type { RecipientStatus } from '../recipients/status.js';

/** What the sentence is made of: a batch as the API tells it. */
export type Told = {
  status: BatchStatus;
  statusReason: string | null;
  statusChange: { at: string; actorName: string | null } | null;
  why: {
    reason: string;
    until: string | null;
    message: string;
    blockedBy: { kind: BlockingThing; id: string | null } | null;
  } | null;
  counters: { recipients: Record<RecipientStatus, number> & { total: number } };
  timeZone: string | null;
  startAt: string | null;
};

/** How fast a batch goes. */
export type Pace = {
  /** Calls that may be live at once, by the least of all limits. */
  slots: number;
  /** Calls that end in a minute, about. */
  perMinute: number;
  /** From the past so many milliseconds. */
  overMs: number;
  /** When the last call that is still to be made ends, about; null: nobody can tell. */
  finishAt: string | null;
  /** More attempts may follow, and are not foreseen. */
  isFirstAttempts: boolean;
};

/** How a page writes figures and times: in the language and the zone of who reads. */
export type Wording = {
  count(count: number): string;
  /** With the day where it is not today, in the zone of the batch. */
  moment(instant: string): string;
};

export type Sentence = {
  text: string;
  /** Where to go, or what to do. */
  action: SentenceAction | null;
  isBlocked: boolean;
};
export type SentenceAction =
  | { do: 'resume' | 'submit' | 'retry' | 'edit' | 'settle'; label: string }
  | { goTo: BlockingThing | 'system' | 'live'; id: string | null; label: string };

type Writing = {
  batch: Told;
  waiting: string;
  live: string;
  until: string;
  wording: Wording;
  pace: Pace | null;
};
type Rule = (writing: Writing) => Omit<Sentence, 'isBlocked'> & { isBlocked?: boolean };

/**
 * What happens with a batch, why, how many it is about, until when, and what to do: one sentence, always. The reason is the one
 * that the API gives, so page and `GET /why` never differ.
 */
export function sentenceOf(batch: Told, wording: Wording, pace: Pace | null = null): Sentence {
  const { recipients } = batch.counters;
  const reason = batch.why?.reason ?? batch.status;
  const writing: Writing = {
    batch,
    waiting: waitFor(recipients.PENDING + recipients.QUEUED, wording),
    live: wording.count(recipients.IN_PROGRESS),
    until: batch.why?.until ? wording.moment(batch.why.until) : '',
    wording,
    pace,
  };
  const rule = RULES[reason] ?? asTold;
  return { isBlocked: BLOCKING.has(reason), ...rule(writing) };
}

/** Reasons for which somebody should do something: they stand out. */
const BLOCKING: ReadonlySet<string> = new Set([
  ...['WORKSPACE_STOPPED', 'PAUSED', 'NUMBER_DISABLED', 'AGENT_DISABLED', 'CREDENTIALS_NEEDED', 'NOT_SENT'],
  ...['BATCH_ENDED', 'NEVER_OPEN', 'FAILED'],
]);

const RULES: Record<string, Rule> = {
  DRAFT: () => ({ text: 'A draft: nobody is called until it is created.', action: { do: 'edit', label: 'Go on' } }),
  WORKSPACE_STOPPED: ({ live, batch }) => ({
    text: `All calling is stopped. ${liveGoOn(live, batch)}`,
    action: { goTo: 'live', id: null, label: 'See stop' },
  }),
  PAUSED: ({ batch, waiting, wording }) => ({
    text: `${batch.statusReason ? withEnd(batch.statusReason) : pausedBy(batch, wording)} ${waiting}`,
    action: { do: 'resume', label: 'Resume' },
  }),
  NUMBER_DISABLED: disabled('The from-number, or its provider, is disabled.', 'Enable'),
  AGENT_DISABLED: disabled('The agent is disabled.', 'Enable'),
  CREDENTIALS_NEEDED: disabled('The credentials of the provider cannot be read.', 'Enter them'),
  NOT_SENT: ({ until, waiting }) => ({
    text: `The last calls could not be sent, and nobody was called. The next is tried${until && ` ${until}`}. ${waiting}`,
    action: { goTo: 'providerAccount', id: null, label: 'See provider' },
  }),
  SCHEDULED: ({ batch, wording }) => ({
    text: batch.startAt ? `Starts ${wording.moment(batch.startAt)}.` : 'About to start.',
    action: null,
  }),
  STARTS_LATER: ({ batch, until, wording }) => ({
    text: `Starts ${batch.startAt ? wording.moment(batch.startAt) : until}.`,
    action: null,
  }),
  PENDING: ({ waiting }) => ({ text: `About to call again. ${waiting}`, action: null }),
  OUTSIDE_HOURS: ({ until, waiting }) => ({
    text: `Closed: no call is allowed at this hour. ${until ? `${waiting.slice(0, -1)} until ${until}.` : waiting}`,
    action: { do: 'edit', label: 'Change hours' },
  }),
  BATCH_ENDED: ({ waiting }) => ({
    text: `The batch ends before the next call may start. ${waiting.replace('wait', 'are about to fail')}`,
    action: { do: 'edit', label: 'Change end' },
  }),
  NEVER_OPEN: ({ waiting }) => ({
    text: `Nobody who is left may ever be called: their hours never open. ${waiting}`,
    action: { do: 'edit', label: 'Change hours' },
  }),
  NUMBER_BACKOFF: ({ until, waiting }) => ({
    text: `The provider refuses calls from the from-number${until && ` until ${until}`}. ${waiting}`,
    action: { goTo: 'phoneNumber', id: null, label: 'See number' },
  }),
  WORKSPACE_LIMIT: slotsInUse('All slots of the workspace are in use'),
  FAIR_SHARE: slotsInUse('The slots are shared with other batches'),
  NUMBER_LIMIT: slotsInUse('All slots of the from-number are in use'),
  BATCH_LIMIT: slotsInUse('All slots of the batch are in use'),
  PACE: calling,
  READY: calling,
  // Calls are being made, and the API has no reason to tell.
  RUNNING: calling,
  NOT_DUE: ({ until, waiting }) => ({ text: `${until ? `Next call ${until}. ` : ''}${waiting}`, action: null }),
  ROWS_OUTSTANDING: () => ({ text: 'Recipients are still being added.', action: null }),
  CALLS_IN_PROGRESS: ({ live, batch }) => ({
    text: `All were called; ${live} ${batch.counters.recipients.IN_PROGRESS === 1 ? 'call is' : 'calls are'} live.`,
    action: null,
  }),
  SETTLED: () => ({ text: 'Every recipient is settled; the batch is about to be completed.', action: null }),
  COMPLETED: completed,
  CANCELLED: ({ batch }) => ({ text: overFor('Cancelled', batch), action: { do: 'retry', label: 'Call again' } }),
  FAILED: ({ batch }) => ({ text: overFor('Failed', batch), action: { do: 'retry', label: 'Try again' } }),
};

function completed({ batch, wording: { count } }: Writing): ReturnType<Rule> {
  const { total, UNCERTAIN } = batch.counters.recipients;
  if (UNCERTAIN === 0) return { text: `Completed: all ${count(total)} recipients are settled.`, action: null };
  const who = UNCERTAIN === 1 ? '1 recipient is uncertain' : `${count(UNCERTAIN)} recipients are uncertain`;
  return {
    text: `Completed, but ${who}: nobody knows whether there was a call.`,
    action: { do: 'settle', label: 'Decide' },
  };
}

function calling({ batch, live, wording, pace }: Writing): ReturnType<Rule> {
  const { QUEUED, PENDING } = batch.counters.recipients;
  if (pace)
    return {
      text: `Calling: ${live} of ${wording.count(pace.slots)} slots, ${paceSaid(pace, wording)}.`,
      action: null,
    };
  return { text: `Calling: ${live} live, ${wording.count(QUEUED + PENDING)} to go.`, action: null };
}

function slotsInUse(what: string): Rule {
  return ({ batch, live, waiting, wording, pace }) => {
    const here = batch.counters.recipients.IN_PROGRESS === 1 ? '1 call here is live' : `${live} calls here are live`;
    const goes = pace ? `, ${paceSaid(pace, wording)}` : '';
    return { text: `${what}: ${here}${goes}. ${waiting}`, action: { goTo: 'live', id: null, label: 'See Live' } };
  };
}

/** "about 42 a minute, until about 16:40" */
function paceSaid({ perMinute, finishAt, isFirstAttempts }: Pace, { count, moment }: Wording): string {
  const end = finishAt ? `, ${isFirstAttempts ? 'first attempts ' : ''}until about ${moment(finishAt)}` : '';
  return `about ${count(roundPace(perMinute))} a minute${end}`;
}

/** Of few, a tenth tells something. */
export function roundPace(perMinute: number): number {
  return perMinute < 10 ? Math.round(perMinute * 10) / 10 : Math.round(perMinute);
}

function disabled(text: string, label: string): Rule {
  return ({ waiting, batch }) => ({
    text: `${text} ${waiting}`,
    action: batch.why?.blockedBy ? { goTo: batch.why.blockedBy.kind, id: batch.why.blockedBy.id, label } : null,
  });
}

function asTold({ batch, until }: Writing): ReturnType<Rule> {
  return { text: `${batch.why?.message ?? ''}${until && ` Until ${until}.`}`, action: null };
}

function pausedBy({ statusChange }: Told, { moment }: Wording): string {
  if (!statusChange) return 'Paused.';
  const { at, actorName } = statusChange;
  return `Paused${actorName ? ` by ${actorName}` : ''}, ${moment(at)}.`;
}

function overFor(what: string, { statusReason }: Told): string {
  return statusReason ? `${what}: ${withEnd(statusReason)}` : `${what}.`;
}

function liveGoOn(live: string, { counters }: Told): string {
  const count = counters.recipients.IN_PROGRESS;
  if (count === 0) return 'No call is live.';
  return count === 1 ? '1 live call goes on.' : `${live} live calls go on.`;
}

function waitFor(count: number, wording: Wording): string {
  if (count === 0) return 'Nobody waits.';
  return count === 1 ? '1 recipient waits.' : `${wording.count(count)} wait.`;
}

function withEnd(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
