import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** One SQL function as its file has it. */
export type SqlFunction = {
  name: string;
  /** Path from the root, for messages. */
  file: string;
  /** `CREATE OR REPLACE FUNCTION …;` */
  statement: string;
  /** What PostgreSQL keeps of it as `prosrc`: the text between the dollars. */
  body: string;
  /** What PostgreSQL keeps of it as `proconfig`: its SET clauses, in order. */
  config: string[];
  /** Earlier releases whose processes may call this body too: a comment `-- serves: 0.1.0, 0.2.0` above it. */
  serves: string[];
};

/** The folder that holds `store/` and `prisma/`: the project, or `dist/` once it is built. */
export const SQL_ROOT = fileURLToPath(new URL('../..', import.meta.url));

const STATEMENT =
  /((?:^--[^\n]*\n)*)^CREATE (?:OR REPLACE )?FUNCTION (\w+)\s*(\([\s\S]*?) AS \$\$([\s\S]*?)\$\$(?: LANGUAGE \w+)?;/gm;
const SET_CLAUSE = /\bSET (\w+) (?:=|TO) ([^\s,]+(?:, [^\s,]+)*)/g;

/**
 * Every SQL function of this release: one in each file of `store/`, and the few in migrations that column defaults and
 * triggers need.
 * @throws Error when a file holds something else than one function of its own name
 */
export function readSqlFunctions(root = SQL_ROOT): SqlFunction[] {
  const inMigrations = sqlFilesIn(root, 'prisma/migrations').flatMap((file) => parse(root, file));
  const inFiles = sqlFilesIn(root, 'store').map((file) => {
    const found = parse(root, file);
    const [only] = found;
    if (!only || found.length > 1 || only.name !== path.basename(file, '.sql'))
      throw new Error(`${file} must hold one function, named like the file.`);
    return only;
  });
  // A function that a later migration replaces is the one that counts.
  return [...new Map([...inMigrations, ...inFiles].map((sqlFunction) => [sqlFunction.name, sqlFunction])).values()];
}

/** Tells one body of a function, with its settings, from another. */
export function hashOfFunction({ body, config }: Pick<SqlFunction, 'body' | 'config'>): string {
  return hashOf([body, ...config].join('\0'));
}

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

function sqlFilesIn(root: string, folder: string): string[] {
  const names = readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => name.endsWith('.sql'))
    .map((name) => path.posix.join(folder, ...name.split(path.sep)))
    .sort();
}

function parse(root: string, file: string): SqlFunction[] {
  const text = readFileSync(path.join(root, file), 'utf8');
  return [...text.matchAll(STATEMENT)].map(([whole, comment = '', name = '', header = '', body = '']) => ({
    name,
    file,
    statement: whole.slice(comment.length).replace(/^CREATE FUNCTION/, 'CREATE OR REPLACE FUNCTION'),
    body,
    config: [...header.matchAll(SET_CLAUSE)].map(([, setting = '', value = '']) => `${setting}=${value}`),
    serves: (/^-- serves: (.+)$/m.exec(comment)?.[1] ?? '').split(/,\s*/).filter((release) => release !== ''),
  }));
}
