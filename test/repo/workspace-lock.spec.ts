import ts from 'typescript';
import { readSqlFunctions } from '../../store/functions/sql-functions.js';
import { lineOf, readRepoFile, repoFiles } from './repo-files.js';

/**
 * Every claim of a workspace waits for its lock. A client that takes it with one statement of a transaction, and is then
 * stopped, slow or far away, would keep all of them waiting. So it is taken by SQL functions only, each of them one statement.
 */

const LOCK = 'lock_workspace';
const IN_TRANSACTION = 'inTransaction';

const sources = repoFiles().filter((file) => /^store\/.*\.ts$/.test(file) && !file.endsWith('.spec.ts'));

/** SQL functions that take the lock, by themselves or through another. */
function takersInSql(): Set<string> {
  const bodies = readSqlFunctions().map(({ name, body }) => ({ name, text: body.replace(/--[^\n]*/g, '') }));
  const takers = new Set([LOCK]);
  for (let known = 0; known < takers.size;) {
    known = takers.size;
    for (const { name, text } of bodies)
      if ([...takers].some((taker) => new RegExp(`\\b${taker}\\s*\\(`).test(text))) takers.add(name);
  }
  return takers;
}

type Code = { name: string; file: string; line: number; texts: string[]; calls: string[] };
type Sources = { functions: Code[]; transactions: Code[] };

/** What the functions, and the blocks inside a transaction, of a file say to PostgreSQL, and what they call. */
function read(file: string): Sources {
  const text = readRepoFile(file);
  const found: Sources = { functions: [], transactions: [] };
  const codeOf = (name: string, node: ts.Node): Code => {
    const code: Code = { name, file, line: lineOf(text, node.getStart()), texts: [], calls: [] };
    const visit = (inner: ts.Node): void => {
      if (ts.isStringLiteralLike(inner)) code.texts.push(inner.text);
      if (ts.isTemplateHead(inner) || ts.isTemplateMiddleOrTemplateTail(inner)) code.texts.push(inner.text);
      if (ts.isCallExpression(inner) && ts.isIdentifier(inner.expression)) code.calls.push(inner.expression.text);
      ts.forEachChild(inner, visit);
    };
    visit(node);
    return code;
  };
  const walk = (node: ts.Node): void => {
    const name = nameOfFunction(node);
    if (name) found.functions.push(codeOf(name, node));
    if (ts.isCallExpression(node) && node.expression.getText() === IN_TRANSACTION)
      node.arguments.forEach((argument) => found.transactions.push(codeOf(IN_TRANSACTION, argument)));
    ts.forEachChild(node, walk);
  };
  walk(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  return found;
}

function nameOfFunction(node: ts.Node): string | null {
  if (ts.isFunctionDeclaration(node)) return node.name?.text ?? null;
  const isNamed = ts.isVariableDeclaration(node) && node.initializer && ts.isArrowFunction(node.initializer);
  return isNamed ? node.name.getText() : null;
}

/** Transactions of the store in which a function that takes the lock is called, however many calls away. */
function holders(): string[] {
  const sql = new RegExp(`\\b(${[...takersInSql()].join('|')})\\b`);
  const all = sources.map(read);
  const functions = all.flatMap((each) => each.functions);
  const takers = new Set<string>();
  const takesLock = ({ texts, calls }: Code) =>
    texts.some((text) => sql.test(text)) || calls.some((call) => takers.has(call));
  for (let known = -1; known < takers.size;) {
    known = takers.size;
    for (const code of functions) if (takesLock(code)) takers.add(code.name);
  }
  return all.flatMap((each) => each.transactions.filter(takesLock).map(({ file, line }) => `${file}:${line}`));
}

it('there are SQL functions that take the workspace lock, and transactions to look at', () => {
  expect([...takersInSql()]).toEqual(expect.arrayContaining(['claim_calls', 'change_batch', 'pause_for_deferral']));
  expect(sources.flatMap((file) => read(file).transactions).length).toBeGreaterThan(5);
});

it('no TypeScript of the store takes the workspace lock by itself', () => {
  expect(sources.filter((file) => readRepoFile(file).includes(LOCK))).toEqual([]);
});

it('no transaction of several statements calls a SQL function that takes the workspace lock', () => {
  expect(holders()).toEqual([]);
});
