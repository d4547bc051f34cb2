/** Prisma's PostgreSQL adapter, mended where the WASM schema engine needs more than it does. Used by schema-engine.mjs. */
import { randomUUID } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import { ColumnTypeEnum } from '@prisma/driver-adapter-utils';

/** The adapter has no mapping for the catalog type "char" (18): it is read as bpchar (1042) and labelled afterwards. */
const CHAR_TYPE_ID = 18;
const BPCHAR_TYPE_ID = 1042;

/** Keeps count of what it opened, so that a failed request leaves no connection behind. */
export class SchemaEnginePg extends PrismaPg {
  open = new Set();

  async connect() {
    const connection = mendQueryable(await super.connect());
    const dispose = connection.dispose.bind(connection);
    this.open.add(connection);
    connection.dispose = async () => {
      if (this.open.delete(connection)) await dispose();
    };
    return connection;
  }

  async closeAll() {
    for (const connection of this.open) await connection.dispose();
  }

  /** Prisma's own version drops the database before it closes its pool, which PostgreSQL refuses. */
  async connectToShadowDb() {
    const database = `prisma_migrate_shadow_db_${randomUUID()}`;
    const main = await this.connect();
    await main.executeScript(`CREATE DATABASE "${database}"`);
    const shadow = await new SchemaEnginePg({ ...this.config, database }, this.options).connect();
    const dispose = shadow.dispose.bind(shadow);
    shadow.dispose = async () => {
      await dispose();
      await main.executeScript(`DROP DATABASE IF EXISTS "${database}" WITH (FORCE)`);
      await main.dispose();
    };
    return shadow;
  }
}

function mendQueryable(queryable) {
  mendScripts(queryable);
  mendCharColumns(queryable);
  if (!queryable.startTransaction) return queryable;
  const start = queryable.startTransaction.bind(queryable);
  queryable.startTransaction = async (...args) => mendQueryable(await start(...args));
  return queryable;
}

/** Prisma's own version splits at every `;`, and so breaks function bodies between `$$`. */
function mendScripts(queryable) {
  if (!queryable.executeScript) return;
  queryable.executeScript = async (sql) => {
    try {
      await queryable.client.query(sql);
    } catch (err) {
      queryable.onError(err);
    }
  };
}

function mendCharColumns(queryable) {
  const performIO = queryable.performIO.bind(queryable);
  const queryRaw = queryable.queryRaw.bind(queryable);
  let charColumns = [];
  queryable.performIO = async (query) => {
    const { rows, rowCount, fields } = await performIO(query);
    charColumns = (fields ?? []).flatMap((field, index) => (field.dataTypeID === CHAR_TYPE_ID ? [index] : []));
    const mended = fields?.map((field) =>
      field.dataTypeID === CHAR_TYPE_ID ? { name: field.name, dataTypeID: BPCHAR_TYPE_ID } : field,
    );
    return { rows, rowCount, fields: mended };
  };
  queryable.queryRaw = async (query) => {
    const result = await queryRaw(query);
    for (const index of charColumns) result.columnTypes[index] = ColumnTypeEnum.Character;
    return result;
  };
}
