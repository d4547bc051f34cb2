import type { Client } from '@temporalio/client';
import type { z } from 'zod';
import { ERRORS } from '../../../api/http/error-table.js';
import { openTemporal } from '../../../api/open-temporal.js';
import type { Operation } from '../../../api/http/operation.js';
import { problemSchema, type Problem } from '../../../api/http/problem.js';
import { operations } from '../../../api/routes/all-operations.js';
import { startApi, type RunningApi } from '../../../api/start-api.js';
import { readConfig, type Config } from '../../../platform/config.js';
import { createLogger } from '../../../platform/logger.js';
import { createApiKey } from '../../../store/people/api-keys.js';
import { openDatabase, type Database } from '../../../store/database.js';
import { readProviderAccount } from '../../../store/settings/read-provider-account.js';
import { createProviderDirectory } from '../../../telephony/provider-directory.js';
import { createSender } from '../../../telephony/send-request.js';
import { startSimulator, type Simulator } from '../../../carrier/server.js';
import { checkDocumented } from './document.js';
import { createTestDatabase, type TestDatabaseOptions } from '../../support/database.js';
import { TEST_ENCRYPTION_KEY } from '../../support/secrets.js';
import { testEgress } from '../../support/sender.js';
import { seedWorkspace, type Workspace } from '../../support/seed.js';

export type Keys = { viewer: string; operator: string; admin: string };

/** An API on a database of its own, with two workspaces. Limits are small, so that tests can pass them. */
export type TestApi = {
  url: string;
  db: Database;
  client: Client;
  /** With the key 'carrier-key' and what it offers by itself; no account is there until a test makes one. */
  carrier: Simulator;
  workspace: Workspace;
  keys: Keys;
  other: { workspace: Workspace; keys: Keys };
  stop(): Promise<void>;
};

const SMALL_LIMITS = {
  jsonBytesMax: 20_000,
  recipientsBytesMax: 20_000,
  uploadBytesMax: 200_000,
  csvColumnsMax: 10,
  csvRowBytesMax: 4_096,
  // Every operation is tried with every wrong key, and more.
  wrongKeysPerMinuteMax: 100_000,
  requestsPerMinuteMax: 100_000,
  searchesPerMinuteMax: 100_000,
  uploadsPerMinuteMax: 100_000,
  signInTriesOfAddressMax: 100_000,
};
/** Of one workspace: more than the cases of one file make. */
export const TEST_CALLS_PER_MINUTE_MAX = 40;
const NOBODY = '127.0.0.1:9';

/** Every pair of operation and status that a test has seen. */
export const seen = new Set<string>();

export async function startTestApi(
  overrides: Partial<Config> = {},
  options: TestDatabaseOptions = {},
): Promise<TestApi> {
  const database = await createTestDatabase(options);
  const { db } = database;
  const workspace = await seedWorkspace(db);
  const other = await seedWorkspace(db);
  const temporal = openTemporal({ address: process.env['TEST_TEMPORAL_ADDRESS'] ?? NOBODY }, 'default');
  const carrier = await startSimulator();
  const api = await startOn(db, temporal.client, overrides);
  return {
    url: api.url,
    db,
    client: temporal.client,
    carrier,
    workspace,
    keys: await createKeys(db, workspace.workspaceId),
    other: { workspace: other, keys: await createKeys(db, other.workspaceId) },
    async stop() {
      await api.stop();
      await carrier.stop();
      await temporal.close();
      await database.drop();
    },
  };
}

export type BrokenApi = { url: string; stop(): Promise<void> };

/** An API whose database cannot be reached, or has no tables; its Temporal is not there either. */
export async function startBrokenApi(databaseUrl: string): Promise<BrokenApi> {
  const db = openDatabase({ url: databaseUrl, connectionsMax: 2 });
  const temporal = openTemporal({ address: NOBODY }, 'default');
  const api = await startOn(db, temporal.client);
  return {
    url: api.url,
    async stop() {
      await api.stop();
      await temporal.close();
      await db.close();
    },
  };
}

function startOn(db: Database, client: Client, overrides: Partial<Config> = {}): Promise<RunningApi> {
  const config = {
    ...readConfig({ DATABASE_URL: db.url, DIALWRIGHT_ENCRYPTION_KEY: TEST_ENCRYPTION_KEY }),
    apiPort: 0,
    temporalUiUrl: 'http://ui.test',
    publicUrl: 'https://calls.test',
  };
  const logger = createLogger('silent', 'test');
  const sender = createSender(overrides.egress ?? testEgress);
  const providers = createProviderDirectory((id) => readProviderAccount(db.pool, config.secretBox, id), sender);
  const settings = { ...config.settings, ...SMALL_LIMITS, testCallsPerMinuteMax: TEST_CALLS_PER_MINUTE_MAX };
  return startApi({
    db,
    temporal: { client, namespace: 'default' },
    logger,
    config: { ...config, settings, ...overrides },
    providers,
    sender,
    dashboardDir: null,
  });
}

async function createKeys(db: Database, workspaceId: string): Promise<Keys> {
  const create = async (role: keyof Keys): Promise<string> =>
    (await createApiKey(db, { workspaceId, name: role, role })).key;
  return { viewer: await create('viewer'), operator: await create('operator'), admin: await create('admin') };
}

export type Sent = {
  params?: Record<string, string>;
  /** A list is sent as the same parameter several times. */
  query?: Record<string, string | readonly string[]>;
  json?: unknown;
  /** A CSV or other file, sent as multipart/form-data. */
  file?: { name: string; content: string | Uint8Array; type?: string; columns?: unknown };
  /** Sent as it is. */
  raw?: { body: string | Uint8Array; type?: string };
  headers?: Record<string, string>;
  /** An API key; null sends none. */
  key?: string | null;
};
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test reads whatever the answer has; its schema is checked
export type Received = { status: number; body: any; headers: Headers; problem: Problem };

/** Sends a request, and checks that the answer is one that the operation declares: status, schema, request id. */
export async function send(api: { url: string; keys?: Keys }, operationId: string, sent: Sent = {}): Promise<Received> {
  const operation = operationOf(operationId);
  const key = sent.key === undefined ? api.keys?.admin : sent.key;
  const { body, type } = bodyOf(sent);
  const res = await fetch(`${api.url}${pathOf(operation, sent)}`, {
    method: operation.method.toUpperCase(),
    headers: { ...(key && { authorization: `Bearer ${key}` }), ...(type && { 'content-type': type }), ...sent.headers },
    ...(body !== undefined && { body }),
    redirect: 'manual',
  });
  const text = await textOf(res);
  const isJson = /json(;|$)/.test(res.headers.get('content-type') ?? '');
  const received = isJson ? (JSON.parse(text) as unknown) : text;
  seen.add(`${operationId} ${res.status}`);
  checkAnswer(operation, res, received);
  checkDocumented(operation, {
    json: sent.json,
    status: res.status,
    headers: res.headers,
    received,
  });
  return { status: res.status, body: received, headers: res.headers, problem: received as Problem };
}

/** Of a stream of events nothing is read: it does not end. */
async function textOf(res: Response): Promise<string> {
  if (!res.headers.get('content-type')?.startsWith('text/event-stream')) return res.text();
  await res.body?.cancel();
  return '';
}

function operationOf(id: string): Operation {
  const operation = operations.find((candidate) => candidate.id === id);
  if (!operation) throw new Error(`there is no operation ${id}`);
  return operation;
}

function pathOf({ path }: Operation, { params = {}, query }: Sent): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? 'missing');
  const pairs = Object.entries(query ?? {}).flatMap(([key, value]) =>
    [value].flat().map((one) => [key, one as string] as [string, string]),
  );
  return query ? `${filled}?${new URLSearchParams(pairs).toString()}` : filled;
}

function bodyOf({ json, file, raw }: Sent): { body?: RequestInit['body']; type?: string } {
  if (raw) return { body: raw.body, ...(raw.type !== undefined && { type: raw.type }) };
  if (json !== undefined) return { body: JSON.stringify(json), type: 'application/json' };
  if (!file) return {};
  const form = new FormData();
  if (file.columns !== undefined)
    form.append('columns', typeof file.columns === 'string' ? file.columns : JSON.stringify(file.columns));
  form.append('file', new Blob([file.content], { type: file.type ?? 'text/csv' }), file.name);
  return { body: form };
}

function checkAnswer(operation: Operation, res: Response, received: unknown): void {
  const { status } = res;
  const codes = operation.errorCodes.filter((code) => ERRORS[code].status === status);
  const schema: z.ZodType | undefined =
    operation.responses[status]?.schema ?? (codes.length > 0 ? problemSchema : undefined);
  const declared = operation.responses[status] ?? (codes.length > 0 ? {} : undefined);
  if (!declared)
    throw new Error(`${operation.id} answered ${status}, which it does not declare: ${JSON.stringify(received)}`);
  if (!res.headers.get('x-request-id')) throw new Error('the answer has no request id');
  if (schema) {
    const parsed = schema.safeParse(received);
    if (!parsed.success)
      throw new Error(
        `${operation.id} ${status} is not what it declares: ${parsed.error.message} in ${JSON.stringify(received)}`,
      );
  }
  if (schema !== problemSchema) return;
  const problem = received as Problem;
  if (res.headers.get('content-type')?.startsWith('application/problem+json') !== true)
    throw new Error(`${operation.id} ${status} is not problem+json`);
  if (!codes.includes(problem.code as never))
    throw new Error(`${operation.id} answered ${problem.code}, which it does not declare`);
  if (problem.status !== status || problem.requestId !== res.headers.get('x-request-id'))
    throw new Error('status or request id differ from the answer');
}
