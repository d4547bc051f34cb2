import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { batchBody } from '../api/support/requests.js';
import { send, startTestApi, type TestApi } from '../api/support/test-api.js';
import { pythonTool } from './python-tools.js';

const run = promisify(execFile);
let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.stop());

it('openapi-python-client makes a client that creates a batch, and reads it as it is', async () => {
  const dir = path.join(mkdtempSync(path.join(os.tmpdir(), 'python-client-')), 'client');
  execFileSync(pythonTool('openapi-python-client'), ['generate', '--path', 'openapi.json', '--output-path', dir]);
  const batch = JSON.stringify(batchBody(api, { name: 'By Python' }));
  const args = ['test/document/create-batch.py', dir, api.url, api.keys.operator, batch];
  // It asks this very process, which must go on meanwhile.
  const { stdout } = await run(pythonTool('python'), args);
  const { id, name, counters } = JSON.parse(stdout) as { id: string; name: string; counters: { recipients: unknown } };
  const { body } = await send(api, 'getBatch', { params: { batchId: id } });
  expect([name, counters.recipients]).toEqual(['By Python', body.counters.recipients]);
}, 300_000);
