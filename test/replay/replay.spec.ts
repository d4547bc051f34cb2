import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { Worker } from '@temporalio/worker';
import { workflowBundlePath } from '../../worker/workflow-bundle.js';
import { apiOf, batchBody, type ShownBatch } from '../support/api.js';
import { startDevServer, type DevServer } from '../support/dev-server.js';
import { eventually } from '../support/eventually.js';
import { startPlatform } from '../support/platform.js';

/**
 * Runs that are under way when a new version is deployed must go on: the new workflow code replays their histories. A
 * change that cannot needs `patched()`. `RECORD_HISTORIES=1 npm test -- replay` records the histories of today's code anew.
 */
const HISTORIES = path.join(process.cwd(), 'test', 'replay', 'histories');

const recorded = readdirSync(HISTORIES).filter((name) => name.endsWith('.json'));

it('has recorded histories', () => {
  expect(recorded.length).toBeGreaterThanOrEqual(3);
});

it.each(recorded)('replays %s', async (name) => {
  const history: unknown = JSON.parse(readFileSync(path.join(HISTORIES, name), 'utf8'));
  await Worker.runReplayHistory({ workflowBundle: { codePath: await workflowBundlePath() } }, history);
});

describe('a run of today', () => {
  let server: DevServer;
  beforeAll(async () => {
    server = await startDevServer();
  });
  afterAll(() => server.stop());

  type Story = (
    id: string,
    call: Awaited<ReturnType<typeof apiOf>>,
    signal: (name: string) => Promise<void>,
  ) => Promise<unknown>;
  it.each<[string, object, Story]>([
    ['completed', {}, async () => {}],
    [
      'closed-then-cancelled',
      { window: { monday: [['00:00', '00:01']] } },
      (id, call) => call('POST', `/v1/batches/${id}/cancel`),
    ],
    [
      'paused-and-resumed-by-hand',
      { limits: { concurrency: 2 } },
      async (id, call, signal) => {
        await signal('pause');
        await eventually(async () =>
          expect((await call<ShownBatch>('GET', `/v1/batches/${id}`)).status).toBe('PAUSED'),
        );
        await signal('resume');
      },
    ],
  ])('%s replays', async (name, overrides, act) => {
    const platform = await startPlatform(server);
    try {
      const call = await apiOf(platform);
      const batch = await call<ShownBatch>('POST', '/v1/batches', { ...batchBody(platform, 30), ...overrides });
      await eventually(async () =>
        expect((await call<ShownBatch>('GET', `/v1/batches/${batch.id}`)).status).toBe('RUNNING'),
      );
      const handle = platform.client.workflow.getHandle(batch.id);
      await act(batch.id, call, (signal) => handle.signal(signal));
      await handle.result();
      const history = await handle.fetchHistory();
      if (process.env['RECORD_HISTORIES']) {
        mkdirSync(HISTORIES, { recursive: true });
        writeFileSync(path.join(HISTORIES, `${name}.json`), `${historyToJSON(history)}\n`);
      }
      const payloads = historyToJSON(history).match(/"data": ?"[^"]*"/g) ?? [];
      expect(payloads.length).toBeGreaterThan(0);
      for (const payload of payloads)
        expect(Buffer.from(payload.split('"')[3] ?? '', 'base64').toString()).not.toMatch(/\+1202555\d{4}/);
      await Worker.runReplayHistory({ workflowBundle: { codePath: await workflowBundlePath() } }, history);
    } finally {
      await platform.stop();
    }
  });
});
