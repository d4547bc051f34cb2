import path from 'node:path';
import { stopOnSignal } from './stop-on-signal.js';
import { projectRoot } from './processes.js';
import { startStack } from './stack.js';

/** `npm start`: everything on this machine, until Ctrl-C. Data stays in .data/start, so the next start goes on from there. */
const API_PORT = 3000;
const TEMPORAL_UI_PORT = 8233;
/** A call of a minute takes six seconds: long enough to watch, short enough to wait for. */
const CARRIER_SPEED = 10;

const signal = stopOnSignal();
const stack = await startStack({
  dir: path.join(projectRoot, '.data', 'start'),
  apiPort: API_PORT,
  temporalUiPort: TEMPORAL_UI_PORT,
  carrier: { speed: CARRIER_SPEED },
  log: (message) => console.log(message),
});
const { apiUrl, apiKey, temporalUiUrl, carrierUrl, fromNumberId } = stack;
const body = {
  name: 'Hello',
  fromNumberId,
  timeZone: 'UTC',
  window: Object.fromEntries(
    ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'].map((day) => [
      day,
      [['00:00', '24:00']],
    ]),
  ),
  recipients: [{ phoneNumber: '+12025550123', name: 'Ada', variables: { language: 'en' } }],
  submit: true,
};
console.log(`
Dialwright is running. Nobody is really called: the carrier is simulated.

  API docs        ${apiUrl}/docs
  Temporal's UI   ${temporalUiUrl ?? 'wherever your Temporal server has it'}
  Carrier ledger  ${carrierUrl}/control/ledger
  Demo key        ${apiKey}

Create a batch of one:

  curl -sS ${apiUrl}/v1/batches -H 'Authorization: Bearer ${apiKey}' \\
    -H 'Content-Type: application/json' -d '${JSON.stringify(body)}'

Stop with Ctrl-C. Data stays in .data/start.
`);

const ended = await Promise.race([signal.received, stack.api.exited, stack.worker.exited, stack.carrier.exited]);
if (!signal.wasReceived())
  console.error(`A process ended by itself (${ended}); its log is in .data/start. Stopping the others.`);
await stack.stop();
process.exit(signal.wasReceived() ? 0 : 1);
