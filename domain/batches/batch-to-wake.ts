import type { BatchStatus } from './status.js';

/** The batch's row, as far as starting or waking its run needs it. */
export type BatchToWake = {
  batchId: string;
  workspaceId: string;
  status: BatchStatus;
  version: number;
  /** The broken run, if any, that a person has been told about: another may follow it. */
  runHandled: string | null;
};
