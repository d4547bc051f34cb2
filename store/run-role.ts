import pg from 'pg';

/** Privilege to create a role, or to give it a password, is missing. */
const INSUFFICIENT_PRIVILEGE = '42501';

/** The name of the table whose rows nobody changes. */
const AUDIT = 'audit_events';
/** What was done once. */
const COMMANDS = 'commands';

/**
 * Lets the role of `runUrl` do what the product does, and no more: it reads and writes rows, but makes no tables, replaces no
 * functions, and of the audit and the commands it can only read. What adds to them is a few functions with the rights of the
 * owner (SECURITY DEFINER), which this role alone may call, and which take the time from the database. The role is made when it is missing, with the password of the
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
  const lent = await client.query<{ signature: string }>(
    `SELECT oid::regprocedure::text AS signature FROM pg_proc
     WHERE pronamespace = 'public'::regnamespace AND prosecdef AND proowner = current_user::regrole`,
  );
  await client.query(
    [
      'BEGIN',
      `GRANT USAGE ON SCHEMA public TO ${name}`,
      `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${name}`,
      `GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO ${name}`,
      `REVOKE INSERT, UPDATE, DELETE ON "_prisma_migrations" FROM ${name}`,
      ...(parts.rows.length > 0 ? [`REVOKE INSERT, UPDATE, DELETE ON ${AUDIT}, ${COMMANDS} FROM ${name}`] : []),
      // Through the whole alone: a part has no rows of its own to give.
      ...parts.rows.map(({ part }) => `REVOKE ALL ON ${part} FROM ${name}`),
      ...lent.rows.flatMap(({ signature }) => [
        `REVOKE ALL ON FUNCTION ${signature} FROM PUBLIC`,
        `GRANT EXECUTE ON FUNCTION ${signature} TO ${name}`,
      ]),
      'COMMIT',
    ].join(';\n'),
  );
}

/** What a process says at its start whose role `mayChangeAudit`. */
export const AUDIT_AT_RISK =
  'the role of DATABASE_URL may write the record of who did what by itself, so it could change it: run as another one (docs/configuration.md, "Two roles")';

/** Whether the role of this connection could write the audit by itself, and not only by `record_audit`: the owner of the tables can. */
export async function mayChangeAudit(db: { query: pg.Pool['query'] }): Promise<boolean> {
  const { rows } = await db.query(
    `SELECT bool_or(has_table_privilege($1, privilege)) AS may FROM unnest(ARRAY['INSERT', 'UPDATE', 'DELETE']) AS privilege`,
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
