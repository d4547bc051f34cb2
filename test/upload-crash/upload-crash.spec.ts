import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { publicId } from '../../domain/ids.js';
import { startProcess, type RunningProcess } from '../../dev/child-process.js';
import { createApiKey } from '../../store/people/api-keys.js';
import { forgetLeftovers } from '../../store/batches/sweep-rows.js';
import { createRandom } from '../chaos/random.js';
import { createTestDatabase, requireEnvironment, type TestDatabase } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { TEST_ENCRYPTION_KEY } from '../support/secrets.js';
import { seedBatch, seedWorkspace } from '../support/seed.js';

/**
 * A real API process, killed with SIGKILL in the middle of an upload: two of three times while it reads the rows, else at
 * any instant from the first byte to the answer. The seed chooses the instants.
 */
const SEED = 20261126;
/** More by `UPLOAD_KILLS=50 npm test -- upload-crash`: each takes about four seconds. */
const KILLS = Number(process.env.UPLOAD_KILLS ?? 7);
const ROWS = 60_000;
/** Shorter than so many rows take on any machine. */
const READ_MS = 250;
const HEADERS = 'phone_number,name\n';
const BIG = `${HEADERS}${Array.from({ length: ROWS }, (_, index) => `+1${2_122_200_000 + index},Person ${index}`).join('\n')}\n`;
const SMALL = `${HEADERS}+12025550111,Ada\n`;
const random = createRandom(SEED);

type Api = RunningProcess & { url: string };
type Shown = { id: string; status: string; acceptedRows: number };

const dir = path.join(process.cwd(), '.data', `upload-crash-${process.pid}`);
const temporaryDir = path.join(dir, 'tmp');
let test: TestDatabase;
let key: string;
let batchId: string;
/** Started while the one before it is at work: an API takes seconds to start. */
let next: Promise<Api>;
let uploadMs: number;
const killedWhile: string[] = [];

beforeAll(async () => {
  mkdirSync(temporaryDir, { recursive: true });
  test = await createTestDatabase();
  const workspace = await seedWorkspace(test.db);
  ({ key } = await createApiKey(test.db, { workspaceId: workspace.workspaceId, name: 'Test', role: 'admin' }));
  batchId = publicId('batch', await seedBatch(test.db, workspace, { status: 'PAUSED' }));
  const api = await startApi();
  next = startApi();
  await upload(api, SMALL);
  const startMs = performance.now();
  await upload(api, BIG);
  uploadMs = performance.now() - startMs;
  await api.kill();
}, 60_000);
afterAll(async () => {
  await (await next).kill();
  await test.drop();
  rmSync(dir, { recursive: true, force: true, maxRetries: 3 });
});

beforeEach(() => test.db.pool.query('TRUNCATE import_rows; DELETE FROM imports'));

async function startApi(): Promise<Api> {
  const started = await startProcess({
    name: 'api',
    command: ['api/server.ts'],
    environment: {
      ...process.env,
      DATABASE_URL: test.url,
      TEMPORAL_ADDRESS: requireEnvironment('TEST_TEMPORAL_ADDRESS'),
      DIALWRIGHT_ENCRYPTION_KEY: TEST_ENCRYPTION_KEY,
      DIALWRIGHT_API_PORT: '0',
      TMPDIR: temporaryDir,
    },
    logFile: path.join(dir, 'api.log'),
    readyText: 'api started',
  });
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(started.announced)?.[0];
  if (!url) throw new Error(`There is no address in: ${started.announced}`);
  return { ...started, url };
}

async function upload(api: Api, content: string): Promise<Shown> {
  const form = new FormData();
  form.append('file', new Blob([content], { type: 'text/csv' }), 'people.csv');
  const headers = { authorization: `Bearer ${key}` };
  const res = await fetch(`${api.url}/v1/batches/${batchId}/imports`, { method: 'POST', headers, body: form });
  if (res.status !== 201) throw new Error(`the upload was answered ${res.status}: ${await res.text()}`);
  return (await res.json()) as Shown;
}

async function readStatuses(): Promise<string[]> {
  const { rows } = await test.db.pool.query<{ status: string }>('SELECT status FROM imports');
  return rows.map(({ status }) => status);
}

/** Imports and their rows as anybody could see them. */
async function readImports() {
  const { rows } = await test.db.pool.query<{ id: string; status: string; accepted: number; rows: number }>(
    `SELECT i.id, i.status, i.accepted_rows AS accepted, (SELECT count(*)::int FROM import_rows r WHERE r.import_id = i.id) AS rows FROM imports i`,
  );
  return rows;
}

describe('an API that is killed in the middle of an upload', () => {
  it.each(Array.from({ length: KILLS }, (_, index) => index + 1))(
    'leaves no half import and nothing behind, and the next upload works: kill %d',
    async (kill) => {
      const api = await next;
      next = startApi();
      const isForReading = kill % 3 !== 0;
      const uploading = upload(api, BIG).catch(() => null);
      if (isForReading) await eventually(async () => expect(await readStatuses()).toEqual(['RECEIVING']));
      const killAfterMs = Math.floor(random.share() * (isForReading ? READ_MS : uploadMs));
      await new Promise((resolve) => setTimeout(resolve, killAfterMs)); // the instant of the kill, not a wait for something
      await api.kill();
      const answered = await uploading;

      // PostgreSQL takes a moment to see that its client is gone.
      await eventually(async () => expect(await countOpenTransactions()).toBe(0));
      const imports = await readImports();
      killedWhile.push(imports.some(({ status }) => status === 'RECEIVING') ? 'reading rows' : 'before or after');
      for (const { status, accepted, rows } of imports)
        if (status === 'REVIEW') expect(rows).toBe(accepted);
        else expect([status, rows]).toEqual(['RECEIVING', 0]);
      if (answered) expect(answered.acceptedRows).toBe(ROWS);

      // Half a minute later the sweeper gives up what nobody is heard of.
      await test.db.pool.query(
        `UPDATE imports SET heartbeat_at = heartbeat_at - interval '31 seconds' WHERE status = 'RECEIVING'`,
      );
      await forgetLeftovers(test.db.pool);
      for (const { status, accepted, rows } of await readImports())
        expect([status, rows]).toEqual(status === 'FAILED' ? ['FAILED', 0] : ['REVIEW', accepted]);
      expect(readdirSync(temporaryDir).filter((name) => name.startsWith('dialwright-'))).toEqual([]);
      expect(await upload(await next, SMALL)).toMatchObject({ status: 'REVIEW', acceptedRows: 1 });
    },
  );

  it('was most often killed while it read the rows of an upload', () => {
    expect(killedWhile.filter((phase) => phase === 'reading rows').length).toBeGreaterThan(KILLS / 4);
  });
});

async function countOpenTransactions(): Promise<number> {
  const { rows } = await test.db.pool.query(
    `SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL`,
  );
  return rows[0].count;
}
