import type { BatchStatus } from './status.js';

/** The batch's row, as far as starting or waking its run needs it. */
export type BatchToWake = { batchId: string; workspaceId: string; status: BatchStatus; version: number };
