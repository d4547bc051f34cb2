import { defineSearchAttributeKey } from '@temporalio/common';
import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { BatchToWake } from '../domain/batches/batch-to-wake.js';
import { publicId } from '../domain/ids.js';

/** The bridge between api, worker and workflows: every name, id, queue, signal and query, once. */
export const TASK_QUEUE = 'dialwright';
export const RUN_BATCH = 'runBatch';

/** The search attributes that `npm run setup` registers. Values are ids and statuses, never personal data. */
export const workspaceAttribute = defineSearchAttributeKey('DialwrightWorkspace', 'KEYWORD');
export const statusAttribute = defineSearchAttributeKey('DialwrightStatus', 'KEYWORD');

/**
 * A dead worker's workflow tasks go to another worker after this long. This time and `STICKY_TIMEOUT` make recovery
 * take seconds.
 */
const WORKFLOW_TASK_TIMEOUT = '2s';
/**
 * A run continues as new after so many events: a worker that starts cold replays all of them within one workflow task. An
 * event takes 0.4 ms of a core. A replay that is late is given again, with growing pauses, and dialling does not come back.
 * The limit is soft: a run lasts a second at least, and one task may add the answers of all its lanes.
 */
export const RUN_EVENTS_MAX = 210;
/**
 * Lanes of a batch that are believed alive; `lanes_max` in SQL is the same. More activities in flight lose workflow tasks now and
 * then: the server buffers 100 events.
 */
export const LANES_MAX = 40;
/** How long a workflow task waits for the worker that has the run in memory. See `WORKFLOW_TASK_TIMEOUT`. */
export const STICKY_TIMEOUT = '1s';

export type RunBatchInput = {
  batchId: string;
  workspaceId: string;
  /** Carried over continue-as-new. `next`: what the run before was doing, with the lanes to begin with (`lanesToCarry`); only a dial is carried. */
  carried?: {
    commands: HandMadeCommand[];
    signalsSeen: number;
    callsPlaced: number;
    next?: NextStep | undefined;
  };
};

/** A signal made by hand in Temporal's UI or CLI. Its id makes it apply once. */
export type HandMadeCommand = { action: 'pause' | 'resume' | 'cancel'; commandId: string };

/** What the API and the sweeper say when the batch's row has changed. `lanesLost`: no lane of the batch has been seen for a while. */
export type Wake = { version: number; lanesLost?: boolean };

export const wakeSignal = defineSignal<[Wake?]>('wake');
export const pauseSignal = defineSignal('pause');
export const resumeSignal = defineSignal('resume');
export const cancelSignal = defineSignal('cancel');

/** What the run is doing, in words and numbers. */
export type RunState = {
  doing: string;
  reason: string | null;
  until: string | null;
  lanes: number;
  /** As lanes told the run. Those that were under way when it continued as new tell nobody: PostgreSQL has all calls. */
  callsPlaced: number;
  commandsWaiting: number;
};
export const stateQuery = defineQuery<RunState>('state');

export function workflowIdOf(batchId: string): string {
  return publicId('batch', batchId);
}

/** One lane of one run. Ids and numbers only: nothing here names a person. */
export type LaneInput = { batchId: string; workspaceId: string; generation: number; laneEpoch: number };

/** One call that a lane placed. `to` is masked. */
export type PlacedCall = { attempt: string; to: string; result: string };

/** What became of a lane. `couldStart`: how many more calls could start now. */
export type LaneAnswer =
  | { is: 'placed'; calls: PlacedCall[]; couldStart: number }
  | { is: 'repeated'; attempt: string; to: string; state: string }
  | { is: 'idle'; reason: string };

/** What the run does next. */
export type NextStep = {
  is: 'over' | 'settled' | 'wait' | 'dial';
  status: string;
  reason: string;
  untilMs: number | null;
  lanes: number;
  generation: number;
  laneEpoch: number;
};

/** Arguments of `client.workflow.signalWithStart(RUN_BATCH, …)`: see wake-run.ts. */
export function wakeOptions({ batchId, workspaceId, status, version }: BatchToWake, lanesLost = false) {
  return {
    taskQueue: TASK_QUEUE,
    workflowId: workflowIdOf(batchId),
    workflowIdReusePolicy: 'ALLOW_DUPLICATE' as const,
    workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT,
    args: [{ batchId, workspaceId }] as [RunBatchInput],
    signal: wakeSignal,
    signalArgs: [{ version, ...(lanesLost && { lanesLost }) }] as [Wake],
    typedSearchAttributes: [
      { key: workspaceAttribute, value: publicId('workspace', workspaceId) },
      { key: statusAttribute, value: status },
    ],
    staticSummary: 'Dialwright batch',
    staticDetails:
      'Calls every recipient of one batch, once each, inside the allowed hours. Names and numbers are in PostgreSQL only.',
  };
}
