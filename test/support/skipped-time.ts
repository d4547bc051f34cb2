import { TestWorkflowEnvironment } from '@temporalio/testing';
import { takeWake } from '../../store/batches/wake-batches.js';
import { RUN_BATCH, statusAttribute, wakeOptions, workspaceAttribute } from '../../workflows/contract.js';
import { bindClock } from './bind-clock.js';
import { requireEnvironment } from './database.js';
import { startPlatform, type TestPlatform } from './platform.js';

const KEYWORD = 2; // temporal.api.enums.v1.IndexedValueType

/** Days pass in seconds here: Temporal's time-skipping server, with PostgreSQL's one clock bound to its time. */
export type SkippedTime = {
  environment: TestWorkflowEnvironment;
  platform: TestPlatform;
  /** Wakes the run of a batch, which starts it. */
  wake(batchId: string): ReturnType<TestWorkflowEnvironment['client']['workflow']['signalWithStart']>;
  stop(): Promise<void>;
};

export async function startSkippedTime(): Promise<SkippedTime> {
  const environment = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path: requireEnvironment('TEMPORAL_TEST_SERVER') } },
  });
  // The time-skipping server cannot list what is registered, so it is told without asking.
  await environment.connection.operatorService.addSearchAttributes({
    namespace: 'default',
    searchAttributes: { [workspaceAttribute.name]: KEYWORD, [statusAttribute.name]: KEYWORD },
  });
  const platform = await startPlatform({
    connection: environment.connection,
    nativeConnection: environment.nativeConnection,
    settings: { laneWaitMaxMs: 20_000 },
    wrapActivities: async ({ db }) => {
      const clock = await bindClock(db);
      const bound = async <T>(activity: () => Promise<T>): Promise<T> => {
        await clock.set(await environment.currentTimeMs());
        return activity();
      };
      return (activities) =>
        Object.fromEntries(
          Object.entries(activities).map(([name, activity]) => [
            name,
            (...args: unknown[]) => bound(() => (activity as (...all: unknown[]) => Promise<unknown>)(...args)),
          ]),
        );
    },
  });
  return {
    environment,
    platform,
    async wake(batchId) {
      const wake = await takeWake(platform.test.db.pool, batchId);
      if (!wake) throw new Error('the batch is being woken already');
      return environment.client.workflow.signalWithStart(RUN_BATCH, wakeOptions(wake));
    },
    async stop() {
      await platform.stop();
      await environment.teardown();
    },
  };
}
