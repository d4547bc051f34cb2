#!/usr/bin/env node
/**
 * Stands in for Prisma's native schema engine, which the Prisma CLI otherwise downloads at first use: same arguments and
 * JSON-RPC lines, answered by Prisma's own WASM build of the same engine. `prisma.config.ts` points the CLI here.
 *
 * For authoring (generate, validate, migrate dev, migrate diff). Migrations are applied by `migrate.mjs`.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import pg from 'pg';
import { parse as parsePgUrl } from 'pg-connection-string';
import { SchemaEnginePg } from './schema-engine-adapter.mjs';

const UNREACHABLE_URL = 'postgresql://unused@127.0.0.1:1/unused';
const CONNECT_TIMEOUT_MS = 10_000;
/** The code of the native engine for a request that failed with a message for the user. */
const REQUEST_FAILED = 4466;
/** The CLI numbers its own requests from 1; those this engine sends must not meet them. */
const PRINT_ID_OFFSET = 1_000_000;
/** Databases that exist already, or that another process made at the same moment. */
const ALREADY_EXISTS = new Set(['42P04', '23505']);

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
const datasource = options.datasource ? JSON.parse(options.datasource) : {};
let wasm;

if (positionals[0] === 'cli') await runCommand(positionals[1]);
else serveRequests();

async function runCommand(command) {
  try {
    if (command === 'can-connect-to-database') await withClient(datasource.url, (client) => client.query('SELECT 1'));
    if (command === 'create-database') await createDatabase(datasource.url);
    if (command === 'drop-database') await dropDatabase(datasource.url);
  } catch (err) {
    const code = err.code === '3D000' ? 'P1003' : 'P1001';
    const fields = { error_code: code, message: err.message };
    process.stderr.write(`\n${JSON.stringify({ level: 'ERROR', target: 'schema_engine::logger', fields })}\n`);
    process.exitCode = 1;
  }
}

/** One request at a time, in the order in which they came; ends when the CLI closes the pipe. */
function serveRequests() {
  let previous = Promise.resolve();
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => {
    if (!line.trim()) return;
    const request = JSON.parse(line);
    if (request.method) previous = previous.then(() => answer(request));
  });
  lines.on('close', () => void previous.finally(() => process.exit(0)));
}

async function answer({ id, method, params }) {
  try {
    const result = await callEngine(method, params);
    if (method === 'diff' && result?.stdout) {
      send({ id: PRINT_ID_OFFSET + id, method: 'print', params: { content: result.stdout } });
      result.stdout = null;
    }
    send({ id, result: result ?? {} });
  } catch (err) {
    const message = err?.message ?? String(err);
    const code = err?.code ? { error_code: err.code } : {};
    const data = { is_panic: false, message, ...code, meta: err?.meta ?? null };
    send({ id, error: { code: REQUEST_FAILED, message, data } });
  }
}

async function callEngine(method, params) {
  if (method === 'createDatabase') return createDatabase(params?.datasource?.url ?? datasource.url);
  const name = method === 'getDatabaseVersion' ? 'version' : method;
  return withEngine(async (engine) => {
    // These two cannot open a shadow database: devDiagnostic fills the engine's cache of the migrations' schema first.
    if (method === 'evaluateDataLoss' || method === 'createMigration') {
      await engine.devDiagnostic({ migrationsList: params.migrationsList, filters: params.filters });
    }
    if (typeof engine[name] !== 'function') throw new Error(`${method} is not supported by the WASM schema engine`);
    return engine[name](params ?? {});
  });
}

/** A fresh engine for each call: one that is used again loses its shadow-database factory after applyMigrations. */
async function withEngine(use) {
  const { SchemaEngine } = await (wasm ??= loadWasm());
  const url = datasource.url ?? UNREACHABLE_URL;
  const schema = new URL(url).searchParams.get('schema') ?? undefined;
  const factory = new SchemaEnginePg(connectionFields(url), { schema });
  const files = (options.datamodels ?? []).map((file) => [file, readFileSync(file, 'utf8')]);
  const adapter = bindMigrationAwareSqlAdapterFactory(factory);
  const engine = await SchemaEngine.new({ datamodels: files.length ? files : undefined }, () => {}, adapter);
  try {
    return await use(engine);
  } finally {
    engine.free();
    await factory.closeAll();
  }
}

async function loadWasm() {
  const bindings = await import('@prisma/schema-engine-wasm/schema_engine_bg');
  const script = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const program = readFileSync(script.replace(/\.js$/, '.wasm'));
  const { instance } = await WebAssembly.instantiate(program, { './schema_engine_bg.js': bindings });
  bindings.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  return bindings;
}

/** Separate fields: given a connection string, pg ignores `database`, and the shadow database would be the real one. */
function connectionFields(url) {
  const { host, port, user, password, database, ssl } = parsePgUrl(url);
  return { host, port: port ? Number(port) : 5432, user, password, database, ssl, max: 1 };
}

async function createDatabase(url) {
  const { name, adminUrl } = splitUrl(url);
  try {
    await withClient(adminUrl, (client) => client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`));
  } catch (err) {
    if (!ALREADY_EXISTS.has(err.code)) throw err;
  }
  return { databaseName: name };
}

async function dropDatabase(url) {
  const { name, adminUrl } = splitUrl(url);
  const drop = `DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`;
  await withClient(adminUrl, (client) => client.query(drop));
}

function splitUrl(url) {
  const admin = new URL(url);
  const name = decodeURIComponent(admin.pathname.slice(1)) || 'postgres';
  admin.pathname = '/postgres';
  admin.searchParams.delete('schema');
  return { name, adminUrl: admin.href };
}

async function withClient(connectionString, use) {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

function send(message) {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
}
