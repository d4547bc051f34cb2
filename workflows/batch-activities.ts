import { proxyActivities } from '@temporalio/workflow';
import type { BatchActivities } from '../activities/batch-activities.js';
import type { LaneActivities } from '../activities/place-next-calls.js';

/**
 * Short questions and changes: repeated until they succeed, safe to repeat. Heartbeats tell within two seconds that the
 * worker died, where the run would else wait for the whole time-out.
 */
export const { decideNext, applyCommand, finishBatch, leaveLanesBehind } = proxyActivities<BatchActivities>({
  startToCloseTimeout: '10s',
  heartbeatTimeout: '2s',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '5s' },
});

/**
 * One call each, or a few where they can follow at once. A repeat of a lane whose first execution got an attempt dials
 * nobody. The heartbeat time-out is long because hundreds of waiting lanes cost the server; what a dead worker took along
 * is made up by the sweeper's wake.
 */
export const { placeNextCalls } = proxyActivities<LaneActivities>({
  startToCloseTimeout: '6m',
  heartbeatTimeout: '10s',
  retry: { maximumAttempts: 3, initialInterval: '500ms' },
  summary: 'next calls',
});
