import path from 'node:path';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { beginProcess } from '../platform/begin-process.js';
import { openDatabase } from '../store/database.js';
import { untilDatabaseAnswers } from '../store/until-database-answers.js';
import { shareConnections } from '../store/pools.js';
import { checkFunctions } from '../store/functions/check-functions.js';
import { AUDIT_AT_RISK, mayChangeAudit } from '../store/run-role.js';
import { checkEncryptionKey } from '../store/settings/canary.js';
import { readProviderAccount } from '../store/settings/read-provider-account.js';
import { createProviderDirectory } from '../telephony/provider-directory.js';
import { createSender } from '../telephony/send-request.js';
import { openTemporal } from './open-temporal.js';
import { startApi } from './start-api.js';

/** The API process. Temporal's address, namespace, TLS and API key come from Temporal's own environment settings. */
const { config, logger } = beginProcess('api', 'Serves the HTTP API of Dialwright.');
const db = openDatabase({
  url: config.databaseUrl,
  connectionsMax: shareConnections(config.settings.databaseConnectionsMax).control,
  onError: (err) => logger.warn({ err }, 'a database connection was lost'),
});
await untilDatabaseAnswers(db, {
  onWait: (sentence) => logger.warn(sentence),
  waitMaxMs: config.settings.startWaitMs,
});
await checkFunctions(db.pool, config);
await checkEncryptionKey(db, config.secretBox);
if (await mayChangeAudit(db.pool)) logger.warn(AUDIT_AT_RISK);

const { connectionOptions, namespace = 'default' } = loadClientConnectConfig();
const temporal = openTemporal(connectionOptions ?? {}, namespace);
const sender = createSender(config.egress);
const providers = createProviderDirectory((id) => readProviderAccount(db.pool, config.secretBox, id), sender);
/** The build puts it there. */
const dashboardDir = path.join(import.meta.dirname, '..', 'dashboard');
const api = await startApi({ db, temporal, logger, config, providers, sender, dashboardDir });

let stopping = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop());
// Whoever reads it may ask for a stop at once.
logger.info({ url: api.url }, 'api started');

async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  await api.stop();
  await temporal.close().catch(() => {});
  await db.close();
  logger.info('api stopped');
}
