import pg from 'pg';

/** Privilege to create a role, or to give it a password, is missing. */
const INSUFFICIENT_PRIVILEGE = '42501';

/** The name of the table whose rows nobody changes. */
const AUDIT = 'audit_events';

/**
 * Lets the role of `runUrl` do what the product does, and no more: it reads and writes rows, but makes no tables, replaces no
 * functions, and of the audit it can only read and add rows. The role is made when it is missing, with the password of the
 * address. Safe to repeat, after every migration. @param client connected as the owner of the tables
 * @throws Error with what to do, when the owner may make no roles
 */
export async function grantRunRole(client: pg.ClientBase, runUrl: string): Promise<void> {
  const { username, password } = new URL(runUrl);
  const role = decodeURIComponent(username);
  const name = pg.escapeIdentifier(role);
  const { rows } = await client.query(
    'SELECT current_user = $1 AS "isOwner", to_regrole($2) IS NOT NULL AS "isThere"',
    [role, name],
  );
  if (rows[0].isOwner) throw new Error(`The role ${role} owns the tables: run the product with another one.`);
  if (!rows[0].isThere) await createRole(client, role, decodeURIComponent(password));
  const parts = await client.query<{ part: string }>(
    'SELECT inhrelid::regclass::text AS part FROM pg_inherits WHERE inhparent = to_regclass($1)',
    [AUDIT],
  );
  await client.query(
    [
      'BEGIN',
      `GRANT USAGE ON SCHEMA public TO ${name}`,
      `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${name}`,
      `GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO ${name}`,
      `REVOKE INSERT, UPDATE, DELETE ON "_prisma_migrations" FROM ${name}`,
      ...(parts.rows.length > 0 ? [`REVOKE UPDATE, DELETE ON ${AUDIT} FROM ${name}`] : []),
      // Through the whole alone: a part has no rows of its own to give.
      ...parts.rows.map(({ part }) => `REVOKE ALL ON ${part} FROM ${name}`),
      'COMMIT',
    ].join(';\n'),
  );
}

/** What a process says at its start whose role `mayChangeAudit`. */
export const AUDIT_AT_RISK =
  'the role of DATABASE_URL owns the tables, so it could change the record of who did what: run as another one (docs/configuration.md, "Two roles")';

/** Whether the role of this connection could change or remove rows of the audit: the owner of the tables can. */
export async function mayChangeAudit(db: { query: pg.Pool['query'] }): Promise<boolean> {
  const { rows } = await db.query(
    `SELECT has_table_privilege($1, 'UPDATE') OR has_table_privilege($1, 'DELETE') AS may`,
    [AUDIT],
  );
  return rows[0].may;
}

async function createRole(client: pg.ClientBase, role: string, password: string): Promise<void> {
  const sql = `CREATE ROLE ${pg.escapeIdentifier(role)} LOGIN PASSWORD ${pg.escapeLiteral(password)}`;
  try {
    await client.query(sql);
  } catch (err) {
    if ((err as { code?: string }).code !== INSUFFICIENT_PRIVILEGE) throw err;
    throw new Error(
      `There is no role ${role}, and this one may make none. As an administrator: CREATE ROLE ${role} LOGIN PASSWORD '…'`,
      {
        cause: err,
      },
    );
  }
}
