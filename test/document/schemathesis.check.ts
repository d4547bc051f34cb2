import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readSettings } from '../../platform/settings.js';
import { attempt, carrierAccount, draft, firstRecipient, reviewedImport } from '../api/support/requests.js';
import { send, startTestApi, type TestApi } from '../api/support/test-api.js';
import { pythonTool } from './python-tools.js';

/** Minutes; a short look takes fewer: `CHECK_MINUTES=2 npm run check:document`. */
const MINUTES = Number(process.env['CHECK_MINUTES'] ?? 20);
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
];
/** One does not end, one stops all calls, and the others would end the access of who asks. */
const LEFT_OUT = [
  'listenToEvents',
  'emergencyStop',
  ...['revokeApiKey', 'rollApiKey', 'removeMember', 'signOut', 'endSession', 'switchWorkspace'],
];
/** Examples of ids in the document. */
const EXAMPLE = '0190a6f2c8e87b4f9d1e2a3b4c5d6e7f';
const ENOUGH = 1_000_000;

let api: TestApi;
beforeAll(async () => {
  const settings = { ...readSettings({}), requestsPerMinuteMax: ENOUGH };
  api = await startTestApi({ settings });
});
afterAll(() => api.stop());

/** The committed document, whose examples of ids name things that are there. */
async function documentWithIds(): Promise<string> {
  const batchId = await draft(api);
  const { body: numbers } = await send(api, 'listPhoneNumbers');
  const { body: agents } = await send(api, 'listAgents');
  const ids = [
    batchId,
    await firstRecipient(api, batchId),
    await reviewedImport(api),
    await attempt(api, 'UNCERTAIN'),
    await carrierAccount(api),
    numbers.data[0].id,
    agents.data[0].id,
  ];
  const named = ids.reduce<string>(
    (text, id) => text.replaceAll(`${id.split('_')[0]}_${EXAMPLE}`, id),
    readFileSync('openapi.json', 'utf8'),
  );
  const file = path.join(mkdtempSync(path.join(os.tmpdir(), 'document-')), 'openapi.json');
  writeFileSync(file, named);
  return file;
}

it(
  'every answer to every request that the document allows, or does not, is one that it tells',
  async () => {
    const file = await documentWithIds();
    const args = [
      ...['run', file, '--url', api.url, '--checks', CHECKS.join(',')],
      ...['--header', `Authorization: Bearer ${api.keys.admin}`, '--mode', 'all', '--continue-on-failure'],
      ...LEFT_OUT.flatMap((id) => ['--exclude-operation-id', id]),
      ...['--phases', 'examples,coverage,fuzzing', '--max-examples', '10000', '--request-timeout', '30'],
      ...['--max-time', String(MINUTES * 60), '--no-color'],
    ];
    const child = spawn(pythonTool('schemathesis'), args, { stdio: 'inherit', cwd: path.dirname(file) });
    expect(await once(child, 'close')).toEqual([0, null]);
  },
  (MINUTES + 10) * 60_000,
);
