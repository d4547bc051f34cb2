import path from 'node:path';
import { buildDashboard } from './build/dashboard.js';
import { makeDemoLink } from './demo/demo-admin.js';
import { startText } from './demo/start-text.js';
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
buildDashboard((message) => console.log(message));
const stack = await startOrEnd({
  dir: path.join(projectRoot, '.data', 'start'),
  apiPort: API_PORT,
  temporalUiPort: TEMPORAL_UI_PORT,
  carrier: { speed: CARRIER_SPEED },
  log: (message) => console.log(message),
});
lock.announce(stack.apiUrl);
console.log(startText(stack, await makeDemoLink(stack)));

const ended = await Promise.race([signal.received, stack.api.exited, stack.worker.exited, stack.carrier.exited]);
if (!signal.wasReceived())
  console.error(`A process ended by itself (${ended}); its log is in .data/start. Stopping the others.`);
await stack.stop();
lock.release();
process.exit(signal.wasReceived() ? 0 : 1);
