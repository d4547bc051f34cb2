/** Prisma's PostgreSQL adapter, mended where the WASM schema engine needs more than it does. Used by schema-engine.ts. */
import { randomUUID } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import { ColumnTypeEnum, type SqlQuery, type SqlResultSet } from '@prisma/driver-adapter-utils';
import type pg from 'pg';

type Connection = Awaited<ReturnType<PrismaPg['connect']>>;
type Field = { name: string; dataTypeID: number };

/** A connection or a transaction of the adapter, with the parts that Prisma's types keep to the adapter. */
type Queryable = {
  client: { query(sql: string): Promise<unknown> };
  performIO(query: SqlQuery): Promise<{ rows: unknown[]; rowCount: number | null; fields: Field[] | undefined }>;
  queryRaw(query: SqlQuery): Promise<SqlResultSet>;
  onError(err: unknown): never;
  /** Only connections have these two. */
  executeScript?(sql: string): Promise<void>;
  startTransaction?(...args: unknown[]): Promise<Queryable>;
};

/** The adapter has no mapping for the catalog type "char" (18): it is read as bpchar (1042) and labelled afterwards. */
const CHAR_TYPE_ID = 18;
const BPCHAR_TYPE_ID = 1042;

/** Keeps count of what it opened, so that a failed request leaves no connection behind. */
export class SchemaEnginePg extends PrismaPg {
  private readonly open = new Set<Connection>();

  constructor(
    private readonly poolConfig: pg.PoolConfig,
    private readonly adapterOptions: { schema?: string },
  ) {
    super(poolConfig, adapterOptions);
  }

  override async connect(): Promise<Connection> {
    const connection = await super.connect();
    mendQueryable(connection as unknown as Queryable); // its types hide what is mended
    const dispose = connection.dispose.bind(connection);
    this.open.add(connection);
    connection.dispose = async () => {
      if (this.open.delete(connection)) await dispose();
    };
    return connection;
  }

  async closeAll(): Promise<void> {
    for (const connection of this.open) await connection.dispose();
  }

  /** Prisma's own version drops the database before it closes its pool, which PostgreSQL refuses. */
  override async connectToShadowDb(): Promise<Connection> {
    const database = `prisma_migrate_shadow_db_${randomUUID()}`;
    const main = await this.connect();
    await main.executeScript(`CREATE DATABASE "${database}"`);
    const shadow = await new SchemaEnginePg({ ...this.poolConfig, database }, this.adapterOptions).connect();
    const dispose = shadow.dispose.bind(shadow);
    shadow.dispose = async () => {
      await dispose();
      await main.executeScript(`DROP DATABASE IF EXISTS "${database}" WITH (FORCE)`);
      await main.dispose();
    };
    return shadow;
  }
}

function mendQueryable(queryable: Queryable): void {
  mendScripts(queryable);
  mendCharColumns(queryable);
  if (!queryable.startTransaction) return;
  const start = queryable.startTransaction.bind(queryable);
  queryable.startTransaction = async (...args) => {
    const transaction = await start(...args);
    mendQueryable(transaction);
    return transaction;
  };
}

/** Prisma's own version splits at every `;`, and so breaks function bodies between `$$`. */
function mendScripts(queryable: Queryable): void {
  if (!queryable.executeScript) return;
  queryable.executeScript = async (sql) => {
    try {
      await queryable.client.query(sql);
    } catch (err) {
      queryable.onError(err);
    }
  };
}

function mendCharColumns(queryable: Queryable): void {
  const performIO = queryable.performIO.bind(queryable);
  const queryRaw = queryable.queryRaw.bind(queryable);
  let charColumns: number[] = [];
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
