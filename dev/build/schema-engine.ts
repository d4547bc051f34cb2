#!/usr/bin/env -S node --import=tsx
/**
 * Stands in for Prisma's native schema engine, which the Prisma CLI otherwise downloads at first use: same arguments and
 * JSON-RPC lines, answered by Prisma's own WASM build of the same engine. `prisma.config.ts` points the CLI here.
 *
 * The first line: Node finds tsx because the CLI runs in the project. With a space for its `=`, tsx's parser would take
 * `import tsx` there for a statement and fail.
 *
 * For authoring (generate, validate, migrate dev, migrate diff). Migrations are applied by store/migrate.ts.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import type { DevDiagnosticInput, SchemaEngine } from '@prisma/schema-engine-wasm';
import type * as Bindings from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';
import { parse as parsePgUrl } from 'pg-connection-string';
import { errorCode, errorText } from '../processes.js';
import { SchemaEnginePg } from './schema-engine-adapter.js';

type Datasource = { url?: string };
/** One line from the CLI: a request, or its answer to one of ours (which has no method). */
type Line = { id: number; method?: string; params?: Params };
type Request = Line & { method: string };
type Params = { datasource?: Datasource };
type WasmExports = { __wbindgen_start(): void };

/** Node has it, but only the types of browsers say so. */
declare const WebAssembly: {
  instantiate(program: Uint8Array, imports: Record<string, object>): Promise<{ instance: { exports: WasmExports } }>;
};

const UNREACHABLE_URL = 'postgresql://unused@127.0.0.1:1/unused';
const CONNECT_TIMEOUT_MS = 10_000;
/** The code of the native engine for a request that failed with a message for the user. */
const REQUEST_FAILED = 4466;
/** The CLI numbers its own requests from 1; those this engine sends must not meet them. */
const PRINT_ID_OFFSET = 1_000_000;
/** Databases that exist already, or that another process made at the same moment. */
const ALREADY_EXISTS: readonly unknown[] = ['42P04', '23505'];

const { values: options, positionals } = parseArgs({
  strict: false,
  allowPositionals: true,
  options: {
    datasource: { type: 'string' },
    datamodels: { type: 'string', multiple: true },
    'enabled-preview-features': { type: 'string' },
    'extension-types': { type: 'string' },
  },
});
const datasource = typeof options.datasource === 'string' ? (JSON.parse(options.datasource) as Datasource) : {}; // the CLI's
const datamodels = (options.datamodels ?? []).filter((file) => typeof file === 'string');
let wasm: Promise<typeof Bindings> | undefined;

if (positionals[0] === 'cli') await runCommand(positionals[1]);
else serveRequests();

async function runCommand(command: string | undefined): Promise<void> {
  const { url = '' } = datasource;
  try {
    if (command === 'can-connect-to-database') await withClient(url, (client) => client.query('SELECT 1'));
    if (command === 'create-database') await createDatabase(url);
    if (command === 'drop-database') await dropDatabase(url);
  } catch (err) {
    const code = errorCode(err) === '3D000' ? 'P1003' : 'P1001';
    const fields = { error_code: code, message: errorText(err) };
    process.stderr.write(`\n${JSON.stringify({ level: 'ERROR', target: 'schema_engine::logger', fields })}\n`);
    process.exitCode = 1;
  }
}

/** One request at a time, in the order in which they came; ends when the CLI closes the pipe. */
function serveRequests(): void {
  let previous = Promise.resolve();
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => {
    if (!line.trim()) return;
    const { method, ...request } = JSON.parse(line) as Line; // JSON-RPC of the Prisma CLI
    if (method) previous = previous.then(() => answer({ ...request, method }));
  });
  lines.on('close', () => void previous.finally(() => process.exit(0)));
}

async function answer({ id, method, params }: Request): Promise<void> {
  try {
    const result = await callEngine(method, params);
    if (method === 'diff' && hasOutput(result)) {
      send({ id: PRINT_ID_OFFSET + id, method: 'print', params: { content: result.stdout } });
      result.stdout = null;
    }
    send({ id, result: result ?? {} });
  } catch (err) {
    const message = errorText(err);
    const code = errorCode(err);
    const data = { is_panic: false, message, ...(code ? { error_code: code } : {}), meta: metaOf(err) };
    send({ id, error: { code: REQUEST_FAILED, message, data } });
  }
}

function hasOutput(result: unknown): result is { stdout: string | null } {
  return typeof result === 'object' && result !== null && 'stdout' in result && Boolean(result.stdout);
}

function metaOf(err: unknown): unknown {
  return typeof err === 'object' && err !== null && 'meta' in err ? (err.meta ?? null) : null;
}

async function callEngine(method: string, params: Params | undefined): Promise<unknown> {
  if (method === 'createDatabase') return createDatabase(params?.datasource?.url ?? datasource.url ?? '');
  const name = method === 'getDatabaseVersion' ? 'version' : method;
  return withEngine(async (engine) => {
    // These two cannot open a shadow database: devDiagnostic fills the engine's cache of the migrations' schema first.
    if (method === 'evaluateDataLoss' || method === 'createMigration') {
      const { migrationsList, filters } = params as DevDiagnosticInput; // the parameters of both hold these
      await engine.devDiagnostic({ migrationsList, filters });
    }
    const methods = engine as unknown as Record<string, unknown>; // the CLI names the method
    const call = methods[name];
    if (typeof call !== 'function') throw new Error(`${method} is not supported by the WASM schema engine`);
    return call.call(engine, params ?? {});
  });
}

/** A fresh engine for each call: one that is used again loses its shadow-database factory after applyMigrations. */
async function withEngine<T>(use: (engine: SchemaEngine) => Promise<T>): Promise<T> {
  const bindings = await (wasm ??= loadWasm());
  const url = datasource.url ?? UNREACHABLE_URL;
  const schema = new URL(url).searchParams.get('schema');
  const factory = new SchemaEnginePg(connectionFields(url), schema === null ? {} : { schema });
  const files = datamodels.map((file): [string, string] => [file, readFileSync(file, 'utf8')]);
  const adapter = bindMigrationAwareSqlAdapterFactory(factory);
  const engine = await bindings.SchemaEngine.new({ datamodels: files.length ? files : undefined }, () => {}, adapter);
  try {
    return await use(engine);
  } finally {
    engine.free();
    await factory.closeAll();
  }
}

async function loadWasm(): Promise<typeof Bindings> {
  const bindings = await import('@prisma/schema-engine-wasm/schema_engine_bg');
  const script = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const program = readFileSync(script.replace(/\.js$/, '.wasm'));
  const { instance } = await WebAssembly.instantiate(program, { './schema_engine_bg.js': bindings });
  bindings.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  return bindings;
}

/** Separate fields: given a connection string, pg ignores `database`, and the shadow database would be the real one. */
function connectionFields(url: string): pg.PoolConfig {
  const { host, port, user, password, database, ssl: parsedSsl } = parsePgUrl(url);
  const ssl = parsedSsl as pg.PoolConfig['ssl']; // pg itself takes what this parser returns
  const server = { host: host ?? undefined, port: port ? Number(port) : 5432, database: database ?? undefined };
  return { ...server, user, password, ssl, max: 1 };
}

async function createDatabase(url: string): Promise<{ databaseName: string }> {
  const { name, adminUrl } = splitUrl(url);
  try {
    await withClient(adminUrl, (client) => client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`));
  } catch (err) {
    if (!ALREADY_EXISTS.includes(errorCode(err))) throw err;
  }
  return { databaseName: name };
}

async function dropDatabase(url: string): Promise<void> {
  const { name, adminUrl } = splitUrl(url);
  const drop = `DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`;
  await withClient(adminUrl, (client) => client.query(drop));
}

function splitUrl(url: string): { name: string; adminUrl: string } {
  const admin = new URL(url);
  const name = decodeURIComponent(admin.pathname.slice(1)) || 'postgres';
  admin.pathname = '/postgres';
  admin.searchParams.delete('schema');
  return { name, adminUrl: admin.href };
}

async function withClient<T>(connectionString: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

function send(message: Record<string, unknown>): void {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
}
