import type { LaneInput } from '../workflows/contract.js';

/** Which lanes of this process belong to a run that has continued as new, or is about to: see `placeNextCalls`. */
export type LaneEpochs = {
  /** The batch has this epoch, as PostgreSQL said: lanes of older ones are left behind. */
  raise(batchId: string, epoch: number): void;
  isLeftBehind(lane: LaneInput): boolean;
};

/** A batch that is forgotten costs nothing: its lanes hear from their next claim that they were left behind. */
const BATCHES_MAX = 5_000;

/**
 * The lane epochs that this process has heard of. They decide what lanes report to Temporal. PostgreSQL decides what is
 * dialled.
 */
export function createLaneEpochs(): LaneEpochs {
  const epochs = new Map<string, number>();
  return {
    raise(batchId, epoch) {
      if (epoch <= (epochs.get(batchId) ?? 0)) return;
      epochs.delete(batchId);
      epochs.set(batchId, epoch);
      const [oldest] = epochs.keys();
      if (oldest !== undefined && epochs.size > BATCHES_MAX) epochs.delete(oldest);
    },
    isLeftBehind: ({ batchId, laneEpoch }) => laneEpoch < (epochs.get(batchId) ?? 0),
  };
}
