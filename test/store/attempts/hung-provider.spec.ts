import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { startSettler } from '../../../activities/settler.js';
import { createLogger } from '../../../platform/logger.js';
import { doubtCall } from '../../../store/calls/answer-call.js';
import { readProviderAccount } from '../../../store/settings/read-provider-account.js';
import { createProviderDirectory } from '../../../telephony/provider-directory.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { acceptCall, claimOne, seedBatch, seedWorkspace, type Workspace } from '../../support/seed.js';
import { testSecrets } from '../../support/secrets.js';
import { testSender } from '../../support/sender.js';

const CALLS = 40;
const SETTINGS = { settleIntervalMs: 20, settleNextLookMs: 50, confirmDelayMs: 60_000, requestTimeoutMs: 150 };

/** A provider that takes every request, and answers none until it recovers. */
async function startHungProvider() {
  let isHung = true;
  let underWay = 0;
  /** By request: its path, and how many were under way when it came. */
  const seen: { path: string; underWay: number }[] = [];
  const server = http.createServer((req, res) => {
    underWay++;
    res.once('close', () => underWay--);
    seen.push({ path: req.url ?? '', underWay });
    if (!isHung) res.writeHead(200).end('{"calls":[]}');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    recover: () => (isHung = false),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

let test: TestDatabase;
let provider: Awaited<ReturnType<typeof startHungProvider>>;
let workspace: Workspace;
let batchId: string;
beforeAll(async () => {
  test = await createTestDatabase();
});
beforeEach(async () => {
  provider = await startHungProvider();
  workspace = await seedWorkspace(test.db, { baseUrl: provider.url, concurrencyLimit: CALLS, settleDelayMs: 0 });
  batchId = await seedBatch(test.db, workspace, { recipients: CALLS });
});
afterEach(async () => {
  await test.db.pool.query('UPDATE attempts SET settle_at = NULL');
  await provider.stop();
});
afterAll(() => test.drop());

async function withSettler(work: () => Promise<void>): Promise<void> {
  const settler = startSettler({
    db: test.db,
    logger: createLogger('silent', 'test'),
    providers: createProviderDirectory((id) => readProviderAccount(test.db.pool, testSecrets, id), testSender),
    settings: SETTINGS,
  });
  try {
    await work();
  } finally {
    await settler.stop();
  }
}

async function claimAll() {
  const calls = [];
  for (let index = 0; index < CALLS; index++) calls.push(await claimOne(test.db, workspace, batchId));
  return calls;
}

it('a provider that hangs is asked one question at a time, and settles everything once it answers', async () => {
  for (const call of await claimAll()) await doubtCall(test.db.pool, call.id, call.dialToken, 'no answer');
  await withSettler(async () => {
    await eventually(() => {
      expect(provider.seen.length).toBeGreaterThan(CALLS);
      // One that was given up may still be closing.
      expect(Math.max(...provider.seen.slice(-6).map(({ underWay }) => underWay))).toBeLessThanOrEqual(2);
    });
    provider.recover();
    await eventually(async () =>
      expect(await test.db.prisma.attempt.count({ where: { batchId, state: 'NOT_PLACED' } })).toBe(CALLS),
    );
  });
});

it('a provider that hangs is asked to hang up before it is asked about anything else', async () => {
  const calls = await claimAll();
  for (const [index, { id }] of calls.entries()) await acceptCall(test.db.pool, id, `call-${index}`);
  await test.db.pool.query(`UPDATE attempts SET settle_at = dialwright_now() WHERE batch_id = $1`, [batchId]);
  await withSettler(async () => {
    // It is a probe that tells nothing: what is asked of it next is what somebody waits for.
    await eventually(() => expect(provider.seen.length).toBeGreaterThan(CALLS));
    await test.db.pool.query('SELECT request_hang_up($1, $2, $3)', [workspace.workspaceId, calls[17]!.id, '"test"']);
    const before = provider.seen.length;
    await eventually(() => expect(provider.seen.length).toBeGreaterThan(before + 2));
    const paths = provider.seen.slice(before, before + 3).map(({ path }) => path);
    expect(paths).toContain('/v1/calls/call-17/hangup');
  });
});
