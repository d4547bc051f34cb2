import { fileURLToPath } from 'node:url';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { STICKY_TIMEOUT } from '../../workflows/contract.js';

/** A worker process like worker/main.ts, for the bare loop only: what the engine story divides by. */
export const BARE_TASK_QUEUE = 'bench-bare';
export const BARE_READY = 'bare worker started';

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();

async function main(): Promise<void> {
  Runtime.install({ logger: new DefaultLogger('WARN'), shutdownSignals: ['SIGTERM', 'SIGINT'] });
  const connection = await NativeConnection.connect(loadClientConnectConfig().connectionOptions ?? {});
  const worker = await Worker.create({
    connection,
    taskQueue: BARE_TASK_QUEUE,
    workflowsPath: fileURLToPath(new URL('bare-workflow.ts', import.meta.url)),
    activities: { async nothing() {} },
    stickyQueueScheduleToStartTimeout: STICKY_TIMEOUT,
    maxConcurrentActivityTaskExecutions: 1_000,
    maxCachedWorkflows: 500,
  });
  console.log(BARE_READY);
  await worker.run();
  await connection.close();
}
