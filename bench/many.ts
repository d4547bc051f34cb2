import { createApiClient, type ApiClient } from '../dev/demo/api-client.js';
import { CARRIER_CREDENTIALS } from '../dev/demo/demo-workspace.js';
import { keepEncryptionKey } from '../dev/encryption-key.js';
import { pollUntil, sleep } from '../dev/processes.js';
import { publicId } from '../domain/ids.js';
import { WEEKDAYS } from '../domain/hours/window.js';
import { createSecretBox } from '../platform/secret-box.js';
import { openDatabase, type Database } from '../store/database.js';
import { createApiKey } from '../store/people/api-keys.js';
import { createProviderAccount } from '../store/settings/provider-accounts.js';
import { createWorkspace } from '../store/workspaces/workspaces.js';
import { WINDOW } from '../test/support/upload-file.js';
import { withStack, type BenchStack } from './bench-stack.js';
import { cpuSecondsOf } from './machine-load.js';
import type { Row, Story } from './story.js';
import { startWebhookRelay } from './webhook-relay.js';

const WORKSPACES = 300;
const SLOTS = 2;
const CALL_MS = 5_000;
/** More than a workspace can place while the story lasts. */
const CALLS_EACH = 200;
/** All have begun by then, and their runs no longer look at their batches all at once. */
const WARM_UP_MS = 20_000;
const MEASURED_MS = 60_000;
const WAITING_BATCHES = 1_000;
const REQUESTS_AT_ONCE = 8;
/** Calls end, runs come to rest, caches are filled. */
const CALM_MS = 30_000;
const START_TIMEOUT_MS = 300_000;
const FIRST_NUMBER = 12_122_200_000;
const FIRST_FROM_NUMBER = 13_055_550_000;

/** A workspace with an account, an agent and a from-number of its own, by which its webhooks find it. */
type Tenant = { call: ApiClient; fromNumberId: string; from: string; providerAccountId: string };

export const many: Story = {
  name: 'many',
  what: `${WORKSPACES} workspaces of ${SLOTS} slots in one worker, calls of ${CALL_MS / 1000} s: claims too late to dial; then what they cost while idle, and with ${WAITING_BATCHES} batches that wait for an opening`,
  run: ({ dir, say }) =>
    withStack({ dir, slots: SLOTS, carrier: { callLength: { is: 'fixed', ms: CALL_MS } } }, async (bench) => {
      const tenants = await seedTenants(bench, dir);
      const urls = new Map(
        tenants.map(({ from, providerAccountId }) => [from, `${bench.stack.apiUrl}/v1/webhooks/${providerAccountId}`]),
      );
      const relay = await startWebhookRelay((from) => urls.get(from));
      try {
        await setWebhookUrl(bench, relay.url);
        say(`${WORKSPACES} workspaces are there`);
        return [...(await dialAll(bench, tenants, say)), ...(await stayIdle(bench, tenants, say))];
      } finally {
        await relay.stop();
      }
    }),
};

async function dialAll(bench: BenchStack, tenants: readonly Tenant[], say: (text: string) => void): Promise<Row[]> {
  const ids: string[] = [];
  await inTurns(tenants, async (tenant, index) => {
    const recipients = Array.from({ length: CALLS_EACH }, (_, call) => ({
      phoneNumber: `+${FIRST_NUMBER + index * CALLS_EACH + call}`,
    }));
    ids[index] = await createBatch(tenant, { window: WINDOW, recipients });
  });
  say('A batch is submitted in each');
  await sleep(WARM_UP_MS);
  const before = await countClaims(bench);
  await sleep(MEASURED_MS);
  const after = await countClaims(bench);
  const placed = after.placed - before.placed;
  const late = after.late - before.late;
  const ideal = (WORKSPACES * SLOTS * MEASURED_MS) / CALL_MS;
  say(
    `${placed} calls placed, ${((100 * placed) / ideal).toFixed(0)} % of what the slots could take; ${late} claims late`,
  );
  say(`${before.late} claims late while all began`);
  await inTurns(tenants, ({ call }, index) => call('POST', `/v1/batches/${ids[index]}/cancel`, { hangUp: true }));
  return [{ label: 'late', value: late, unit: 'claims', bar: 0, better: 'lower' }];
}

async function stayIdle(bench: BenchStack, tenants: readonly Tenant[], say: (text: string) => void): Promise<Row[]> {
  await sleep(CALM_MS);
  const idle = await coresUsed();
  say(`${WORKSPACES} workspaces without open batches: ${idle.toFixed(2)} of a core`);
  const later = WEEKDAYS[(new Date().getUTCDay() + 2) % 7]!; // a day that is neither today nor tomorrow
  await inTurns(Array.from({ length: WAITING_BATCHES }), async (_, index) => {
    const recipients = [{ phoneNumber: `+${FIRST_NUMBER + index}` }];
    await createBatch(tenants[index % tenants.length]!, { window: { [later]: [['09:00', '10:00']] }, recipients });
  });
  const isOpen = async (): Promise<boolean> =>
    (await bench.pool.query(`SELECT FROM batches WHERE status = 'RUNNING'`)).rowCount === WAITING_BATCHES;
  if (!(await pollUntil(isOpen, { timeoutMs: START_TIMEOUT_MS, intervalMs: 500 })))
    throw new Error(`not all of ${WAITING_BATCHES} batches were started`);
  await sleep(CALM_MS);
  const waiting = await coresUsed();
  say(`and ${WAITING_BATCHES} batches that wait for an opening: ${waiting.toFixed(2)} of a core`);
  return [
    { label: 'idle', value: idle, unit: 'cores', bar: 0.3, better: 'lower' },
    { label: 'waiting', value: waiting, unit: 'cores', bar: 0.3, better: 'lower' },
  ];
}

/** A call that was claimed and not sent is released: here only because it was too late. */
async function countClaims({ pool }: BenchStack): Promise<{ placed: number; late: number }> {
  const { rows } = await pool.query(
    `SELECT count(*) FILTER (WHERE accepted_at IS NOT NULL)::int AS placed,
       count(*) FILTER (WHERE state = 'RELEASED')::int AS late FROM attempts`,
  );
  return rows[0];
}

/** Of all our processes together, servers and this one included, over a minute. */
async function coresUsed(): Promise<number> {
  const before = cpuSecondsOf(process.pid);
  await sleep(MEASURED_MS);
  const after = cpuSecondsOf(process.pid);
  return before === null || after === null ? NaN : (after - before) / (MEASURED_MS / 1000);
}

async function createBatch({ call, fromNumberId }: Tenant, batch: object): Promise<string> {
  const body = { name: 'many', fromNumberId, timeZone: 'UTC', start: 'now', submit: true, ...batch };
  return (await call<{ id: string }>('POST', '/v1/batches', body)).id;
}

async function seedTenants({ stack }: BenchStack, dir: string): Promise<Tenant[]> {
  const db = openDatabase({ url: stack.databaseUrl, connectionsMax: REQUESTS_AT_ONCE });
  const secrets = createSecretBox({ key: keepEncryptionKey(dir), previousKey: undefined });
  const tenants: Tenant[] = [];
  try {
    await inTurns(Array.from({ length: WORKSPACES }), async (_, index) => {
      const workspaceId = await createWorkspace(db, { name: `Workspace ${index}`, concurrencyLimit: SLOTS });
      const accountId = await createProviderAccount(db, secrets, {
        id: null,
        workspaceId,
        kind: 'simulator',
        name: 'Simulated carrier',
        baseUrl: stack.carrierUrl,
        credentials: CARRIER_CREDENTIALS,
      });
      const from = `+${FIRST_FROM_NUMBER + index}`;
      const fromNumberId = await seedNumber(db, { workspaceId, accountId, from });
      const { key } = await createApiKey(db, { workspaceId, name: 'Bench', role: 'admin' });
      const providerAccountId = publicId('providerAccount', accountId);
      tenants[index] = { call: createApiClient(stack.apiUrl, key), fromNumberId, from, providerAccountId };
    });
    return tenants;
  } finally {
    await db.close();
  }
}

type NewNumber = { workspaceId: string; accountId: string; from: string };

async function seedNumber(db: Database, { workspaceId, accountId: providerAccountId, from }: NewNumber) {
  const owned = { workspaceId, providerAccountId };
  const agent = await db.prisma.agent.create({ data: { ...owned, providerAgentId: 'agent', name: 'Agent' } });
  const number = await db.prisma.phoneNumber.create({ data: { ...owned, phone: from, outboundAgentId: agent.id } });
  return publicId('phoneNumber', number.id);
}

async function setWebhookUrl({ stack }: BenchStack, webhookUrl: string): Promise<void> {
  const response = await fetch(`${stack.carrierUrl}/control/config`, {
    method: 'PUT',
    body: JSON.stringify({ webhookUrl }),
  });
  if (!response.ok) throw new Error(`The carrier refused its settings: ${await response.text()}`);
}

/** Does something for each, so many at a time. */
async function inTurns<T>(items: readonly T[], work: (item: T, index: number) => Promise<unknown>): Promise<void> {
  const left = [...items.entries()];
  const one = async (): Promise<void> => {
    for (let next = left.shift(); next; next = left.shift()) await work(next[1], next[0]);
  };
  await Promise.all(Array.from({ length: REQUESTS_AT_ONCE }, one));
}
