import type { Logger } from '../platform/logger.js';

export type NoteStatus = (batchId: string, status: string) => void;

const REMEMBERED_MAX = 1_000;

/** Logs each status of a batch once, when this process first sees it: its start, a pause, its end. */
export function createStatusLog(logger: Logger): NoteStatus {
  const last = new Map<string, string>();
  return (batchId, status) => {
    if (last.get(batchId) === status) return;
    last.delete(batchId);
    last.set(batchId, status);
    const [oldest] = last.keys();
    if (last.size > REMEMBERED_MAX && oldest !== undefined) last.delete(oldest);
    logger.info({ batchId, status }, `batch is ${status}`);
  };
}
