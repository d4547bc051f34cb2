import path from 'node:path';
import { stopOnSignal } from './stop-on-signal.js';
import { projectRoot } from './processes.js';
import { lockOrEnd, startOrEnd } from './start-or-end.js';

/** `npm start`: everything on this machine, until Ctrl-C. Data stays in .data/start, so the next start goes on from there. */
const API_PORT = 3000;
const TEMPORAL_UI_PORT = 8233;
/** A call of a minute takes six seconds: long enough to watch, short enough to wait for. */
const CARRIER_SPEED = 10;

if (process.argv.length > 2) {
  console.log(
    'Starts all of Dialwright on this machine, with a simulated carrier, until Ctrl-C: npm start. It takes no arguments.',
  );
  process.exit(process.argv[2] === '--help' ? 0 : 1);
}
const signal = stopOnSignal();
const lock = lockOrEnd('start');
const stack = await startOrEnd({
  dir: path.join(projectRoot, '.data', 'start'),
  apiPort: API_PORT,
  temporalUiPort: TEMPORAL_UI_PORT,
  carrier: { speed: CARRIER_SPEED },
  log: (message) => console.log(message),
});
const { apiUrl, apiKey, temporalUiUrl, carrierUrl, fromNumberId } = stack;
lock.announce(apiUrl);
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
lock.release();
process.exit(signal.wasReceived() ? 0 : 1);
