import { parseArgs } from 'node:util';
import { startSimulator } from './server.js';
import { SimulatorSettingsError, type SettingsPatch } from './settings.js';

const USAGE = `Runs the simulated carrier on 127.0.0.1.
  --port N          port to listen on (a free one when left out)
  --seed TEXT       the same seed gives every number the same fate
  --speed N         divides every duration: at 30 a call of 30 s takes 1 s
  --webhook-url URL where events are posted
  --ledger FILE     appends every request as a line of JSON
  --config JSON     any other setting, e.g. '{"faults":{"dropAfterAccept":0.05}}'`;

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    seed: { type: 'string' },
    speed: { type: 'string' },
    'webhook-url': { type: 'string' },
    ledger: { type: 'string' },
    config: { type: 'string' },
    help: { type: 'boolean' },
  },
});

if (values.help) {
  process.stdout.write(`${USAGE}\n`);
} else {
  await run().catch((err: unknown) => {
    const isUsersMistake = err instanceof SimulatorSettingsError || err instanceof SyntaxError;
    process.stderr.write(isUsersMistake ? `${err.message}\n\n${USAGE}\n` : `${String(err)}\n`);
    process.exitCode = 1;
  });
}

async function run(): Promise<void> {
  const simulator = await startSimulator({
    ...(values.config !== undefined && (JSON.parse(values.config) as SettingsPatch)), // checked by patchSettings
    ...(values.seed !== undefined && { seed: values.seed }),
    ...(values.speed !== undefined && { speed: Number(values.speed) }),
    ...(values['webhook-url'] !== undefined && { webhookUrl: values['webhook-url'] }),
    ...(values.port !== undefined && { port: Number(values.port) }),
    ...(values.ledger !== undefined && { ledgerFile: values.ledger }),
  });
  process.stdout.write(`simulated carrier on ${simulator.url}\n`);
  const stop = (): void => void simulator.stop().then(() => process.exit(0));
  process.once('SIGTERM', stop).once('SIGINT', stop);
}
