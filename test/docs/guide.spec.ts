import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createApiKey } from '../../store/people/api-keys.js';
import { startDevServer, type DevServer } from '../support/dev-server.js';
import { startPlatform, type TestPlatform } from '../support/platform.js';

const EXAMPLES = { ts: 'examples/first-batch.ts', sh: 'examples/first-batch.sh' } as const;
/** How an installation is found, of which a test has its own. */
const OWN = 'export DIALWRIGHT_URL=';
const run = promisify(execFile);
type ImportRow = { accepted: boolean; rowNumber: number };

let server: DevServer;
let platform: TestPlatform;
let environment: NodeJS.ProcessEnv;
beforeAll(async () => {
  server = await startDevServer();
  platform = await startPlatform(server);
  const { workspaceId } = platform.workspace;
  const { key } = await createApiKey(platform.test.db, { workspaceId, name: 'Guide', role: 'operator' });
  environment = { ...process.env, DIALWRIGHT_URL: platform.api.url, DIALWRIGHT_KEY: key };
});
afterAll(async () => {
  await platform.stop();
  await server.stop();
});

const snippets = [...readFileSync('docs/guide.md', 'utf8').matchAll(/^```(ts|sh)\n(.*?)^```$/gms)]
  .map(([, language, code]) => ({ language: language as keyof typeof EXAMPLES, code: code ?? '' }))
  .filter(({ code }) => !code.startsWith(OWN));
const calledOf = (): string[] => platform.carrier.ledger().map(({ to }) => String(to));

describe('the guide', () => {
  it('has code of both languages', () => {
    for (const language of ['ts', 'sh'])
      expect(snippets.filter((each) => each.language === language).length).toBeGreaterThan(4);
  });

  it.each(snippets)('shows what the example does: $code', ({ language, code }) => {
    expect(readFileSync(EXAMPLES[language], 'utf8')).toContain(code);
  });

  it('calls each person once by the TypeScript client, and tells what happens', async () => {
    const { stdout } = await run(process.execPath, ['--import', 'tsx', EXAMPLES.ts], { env: environment });
    expect(stdout).toMatch(/^2 accepted, 1 rejected$/m);
    expect(stdout).toMatch(/^COMPLETED /m);
    expect(stdout).toMatch(/^Ada \+12025550111 (COMPLETED|NO_ANSWER|FAILED)$/m);
    expect(stdout).toMatch(/^action_not_allowed /m);
    expect(calledOf().sort()).toEqual(['+12025550111', '+12025550112']);
  });

  it('calls each person once by curl', async () => {
    const dir = mkdtempSync(path.join(os.tmpdir(), 'guide-'));
    const { stdout } = await run('bash', [path.resolve(EXAMPLES.sh)], { env: environment, cwd: dir });
    const { data: rows } = JSON.parse(stdout.slice(0, stdout.indexOf('}{') + 1)) as { data: ImportRow[] };
    expect(rows.map(({ accepted, rowNumber }) => [accepted, rowNumber])).toEqual([[false, 3]]);
    expect(stdout).toContain('+12025550114');
    expect(calledOf().filter((to) => to.endsWith('0113') || to.endsWith('0114'))).toHaveLength(2);
  });
});
