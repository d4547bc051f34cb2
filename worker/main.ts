import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection, Runtime, type NativeConnectionOptions } from '@temporalio/worker';
import { beginProcess } from '../platform/begin-process.js';
import { StartError } from '../platform/start-error.js';
import { openDatabase } from '../store/database.js';
import { untilDatabaseAnswers } from '../store/until-database-answers.js';
import { shareWorkerConnections } from '../store/pools.js';
import { checkFunctions } from '../store/functions/check-functions.js';
import { AUDIT_AT_RISK, mayChangeAudit } from '../store/run-role.js';
import { checkEncryptionKey } from '../store/settings/canary.js';
import { createSender } from '../telephony/send-request.js';
import { startWorker } from './start-worker.js';
import { createTemporalLogger } from './temporal-logger.js';
import { workflowBundlePath } from './workflow-bundle.js';

/** The worker process. Temporal's address, namespace, TLS and API key come from Temporal's own environment settings. */
const { config, logger } = beginProcess('worker', 'Runs the batches of Dialwright, and places their calls.');
Runtime.install({ logger: createTemporalLogger(logger), shutdownSignals: [] });

const db = openDatabase({
  url: config.databaseUrl,
  connectionsMax: shareWorkerConnections(config.settings.databaseConnectionsMax).runs,
  onError: (err) => logger.warn({ err }, 'a database connection was lost'),
});
await untilDatabaseAnswers(db, {
  onWait: (sentence) => logger.warn(sentence),
  waitMaxMs: config.settings.startWaitMs,
});
await checkFunctions(db.pool, config);
await checkEncryptionKey(db, config.secretBox);
if (await mayChangeAudit(db.pool)) logger.warn(AUDIT_AT_RISK);
const { connectionOptions, namespace } = loadClientConnectConfig();
const connection = await connectToTemporal(connectionOptions ?? {});
const worker = await startWorker({
  db,
  connection,
  namespace: namespace ?? 'default',
  logger,
  publicUrl: config.publicUrl,
  settings: config.settings,
  secretBox: config.secretBox,
  sender: createSender(config.egress),
  workflowBundlePath: await workflowBundlePath(),
});

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void worker.stop().catch(() => {}));
// Whoever reads it may ask for a stop at once.
logger.info('worker started');
try {
  await worker.ended;
} catch (err) {
  logger.fatal({ err }, 'worker failed');
  process.exitCode = 1;
} finally {
  await connection.close();
  await db.close();
}

async function connectToTemporal(options: NativeConnectionOptions): Promise<NativeConnection> {
  try {
    return await NativeConnection.connect(options);
  } catch {
    const address = options.address ?? 'localhost:7233';
    throw new StartError(`Temporal does not answer at ${address}: start it, or set TEMPORAL_ADDRESS to where it is.`);
  }
}
