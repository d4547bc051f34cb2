import { rmSync } from 'node:fs';
import path from 'node:path';
import { signBody } from '../../carrier/webhooks/sign-body.js';
import { startProcess, type RunningProcess } from '../../dev/child-process.js';
import { publicId } from '../../domain/ids.js';
import { createTestDatabase, requireEnvironment, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { acceptCall, claimOne, readAttempt, seedBatch, seedWorkspace, type Workspace } from '../support/seed.js';
import { TEST_ENCRYPTION_KEY } from '../support/secrets.js';

/** Two real API processes on one database, and nothing before them but two ports. */
let test: TestDatabase;
let workspace: Workspace;
let batchId: string;
const apis: (RunningProcess & { url: string })[] = [];
const dir = path.join(process.cwd(), '.data', `restart-${process.pid}`);

beforeAll(async () => {
  test = await createTestDatabase();
  workspace = await seedWorkspace(test.db);
  batchId = await seedBatch(test.db, workspace, { recipients: 2 });
  for (const name of ['first', 'second']) apis.push(await startApi(name));
}, 180_000);
afterAll(async () => {
  await Promise.all(apis.map((api) => api.stop()));
  await test.drop();
  rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
}, 180_000);

async function startApi(name: string) {
  const started = await startProcess({
    name,
    command: ['api/server.ts'],
    environment: {
      ...process.env,
      DATABASE_URL: test.url,
      TEMPORAL_ADDRESS: requireEnvironment('TEST_TEMPORAL_ADDRESS'),
      DIALWRIGHT_ENCRYPTION_KEY: TEST_ENCRYPTION_KEY,
      DIALWRIGHT_API_PORT: '0',
    },
    logFile: path.join(dir, `${name}.log`),
    readyText: 'api started',
  });
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(started.announced)?.[0];
  if (!url) throw new Error(`There is no address in: ${started.announced}`);
  return { ...started, url };
}

async function placeCall(): Promise<string> {
  const { id } = await claimOne(test.db, workspace, batchId);
  await acceptCall(test.db.pool, id, `call of ${id}`);
  return id;
}

/** As the carrier posts it. */
function postEnd(url: string, attemptId: string): Promise<Response> {
  const nowMs = Date.now();
  const body = JSON.stringify({
    event: 'call_ended',
    call: {
      call_id: `call of ${attemptId}`,
      reference: publicId('attempt', attemptId),
      accepted_at: nowMs - 2_000,
      started_at: nowMs - 1_000,
      ended_at: nowMs,
      end_reason: 'user_hangup',
      duration_ms: 1_000,
    },
  });
  const headers = {
    'content-type': 'application/json',
    'x-carrier-signature': signBody(body, 'carrier-secret', nowMs),
  };
  return fetch(`${url}/v1/webhooks/${publicId('providerAccount', workspace.providerAccountId)}`, {
    method: 'POST',
    headers,
    body,
  });
}

it('loses no webhook while one of two API processes is replaced: the one that stops answers what it was sent, the other takes the next', async () => {
  const [stopping, going] = apis as [(typeof apis)[0], (typeof apis)[0]];
  const [slow, next] = [await placeCall(), await placeCall()];
  // Somebody holds the row of the first call, so that its webhook cannot be answered yet.
  const holder = await test.db.pool.connect();
  try {
    await holder.query('BEGIN');
    await holder.query('SELECT FROM attempts WHERE id = $1 FOR UPDATE', [slow]);
    const answered = postEnd(stopping.url, slow);
    await eventually(async () => {
      const { rowCount } = await test.db.pool.query(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      expect(rowCount).toBe(1);
    });
    process.kill(stopping.pid, 'SIGTERM');
    await eventually(() => expect(fetch(`${stopping.url}/healthz`)).rejects.toThrow());
    expect((await postEnd(going.url, next)).status).toBe(204);
    await holder.query('COMMIT');
    const answer = await answered;
    expect([answer.status, answer.headers.get('connection')]).toEqual([204, 'close']);
  } finally {
    holder.release();
  }
  expect(await stopping.exited).toBe(0);
  for (const id of [slow, next]) expect(await readAttempt(test.db, id)).toMatchObject({ state: 'ENDED' });
  // The other one went on saying that it takes webhooks.
  await eventually(async () => {
    const { rows } = await test.db.pool.query(
      `SELECT (SELECT heard_at FROM api_heartbeat) > dialwright_now() - interval '1.5 s' AS heard, (SELECT count(*)::int FROM webhook_gaps) AS gaps`,
    );
    expect(rows).toEqual([{ heard: true, gaps: 0 }]);
  });
});
