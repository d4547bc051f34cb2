import { CancellationScope, setHandler, workflowInfo } from '@temporalio/workflow';
import {
  cancelSignal,
  pauseSignal,
  resumeSignal,
  wakeSignal,
  type HandMadeCommand,
  type RunBatchInput,
} from './contract.js';

/** What people and the sweeper have told the run and it has not looked at yet. Carried over continue-as-new. */
export type Inbox = {
  commands: HandMadeCommand[];
  woken: boolean;
  lanesLost: boolean;
  signalsSeen: number;
};

/**
 * Registers the signals, before the first await, so that none is lost. Handlers accept any payload, never throw, and only
 * set this state: what a signal means is decided in the run's own loop. Temporal's Cancel means cancel.
 */
export function openInbox(input: RunBatchInput): Inbox {
  const inbox: Inbox = {
    commands: [...(input.carried?.commands ?? [])],
    woken: false,
    lanesLost: false,
    signalsSeen: input.carried?.signalsSeen ?? 0,
  };
  const { firstExecutionRunId, runId } = workflowInfo();
  const command = (action: HandMadeCommand['action']) => (): void => {
    inbox.signalsSeen += 1;
    // After Temporal's Reset a run counts again from an earlier signal. A pause applies once more then; an old resume
    // or cancel does not.
    const counted = action === 'pause' ? runId : firstExecutionRunId;
    inbox.commands.push({ action, commandId: `${counted}/${inbox.signalsSeen}/${action}` });
  };
  setHandler(wakeSignal, (wake: unknown) => {
    inbox.signalsSeen += 1;
    inbox.woken = true;
    if (isRecord(wake) && wake['lanesLost'] === true) inbox.lanesLost = true;
  });
  setHandler(pauseSignal, command('pause'));
  setHandler(resumeSignal, command('resume'));
  setHandler(cancelSignal, command('cancel'));
  CancellationScope.current().cancelRequested.catch(command('cancel'));
  return inbox;
}

export function hasNews(inbox: Inbox): boolean {
  return inbox.woken || inbox.commands.length > 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
