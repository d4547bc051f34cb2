import { fileURLToPath } from 'node:url';
import { types } from 'node:util';

/**
 * An error whose message holds names of settings, functions and ids of ours, never what a client sent or a file held. Only
 * the words of such an error may be logged.
 */
export class PlainError extends Error {}

/** An error as it may be logged and told to Temporal: nothing in it was in a row, a request or an answer. */
export type LoggableError = {
  name: string;
  code?: string | number;
  /** What the code means, in fixed words; or the message of a PlainError. */
  text?: string;
  table?: string;
  column?: string;
  constraint?: string;
  routine?: string;
  /** Our own lines, the innermost first: `store/claims/claim-calls.ts:41:9`. */
  stack: string[];
  cause?: LoggableError;
  errors?: LoggableError[];
};

/** Where our files are in a stack: with source maps not where the compiled ones are, and in a URL a space is %20. */
const ROOT = rootOfStacks() ?? fileURLToPath(new URL('..', import.meta.url));
const FRAMES_MAX = 12;
/** Causes of causes, and errors of an AggregateError: more say nothing new. */
const DEPTH_MAX = 3;
const ERRORS_MAX = 3;

const NAME = /^[A-Za-z][A-Za-z0-9]{0,60}$/;
/** An SQLSTATE, or a word such as ECONNREFUSED, P2002 or UNREADABLE_SECRET. */
const CODE = /^([0-9A-Z]{5}|[A-Za-z][A-Za-z0-9_]{1,60})$/;
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]{0,62}$/;
const FRAME = /^([a-z][\w./-]*\.[cm]?[jt]s):(\d{1,5}):(\d{1,5})\)?$/;
const IDENTIFIERS = ['table', 'column', 'constraint', 'routine'] as const;

/** By code, else by the class of an SQLSTATE (its first two characters), else by the error's name. */
const TEXTS: Record<string, string> = {
  '08': 'the connection to PostgreSQL was lost',
  '22': 'a value does not fit its type',
  '22P02': 'a text is not of the type that was expected',
  '22001': 'a text is too long',
  '23': 'a constraint refused the row',
  '23502': 'a value that must be there is missing',
  '23503': 'a row that is named is not there, or is still named by another',
  '23505': 'a unique constraint refused the row',
  '23514': 'a check refused the row',
  '40': 'PostgreSQL rolled the transaction back',
  '40P01': 'a deadlock: PostgreSQL ended one of the transactions',
  '42': 'the statement does not fit the tables and functions of the database: run `npm run migrate`',
  '53': 'PostgreSQL is short of connections, memory or disk',
  '55P03': 'a lock was not free in time',
  '57': 'PostgreSQL ended the connection or the statement',
  '57014': 'the statement took too long',
  P0: 'a function of ours refused it',
  P2002: 'a unique constraint refused the row',
  P2003: 'a row that is named is not there, or is still named by another',
  P2010: 'a statement failed',
  P2025: 'a row that was expected is not there',
  ECONNREFUSED: 'the other side does not accept connections',
  ECONNRESET: 'the other side closed the connection',
  EPIPE: 'the other side closed the connection',
  ETIMEDOUT: 'the other side did not answer in time',
  ENOTFOUND: 'the name of the other side is not known',
  EAI_AGAIN: 'the name of the other side could not be looked up',
  EHOSTUNREACH: 'the other side cannot be reached',
  TransportError: 'Temporal cannot be reached',
  ServiceError: 'Temporal refused the request, or cannot be reached',
  WorkflowNotFoundError: 'Temporal does not know the run',
  ZodError: 'a value does not have the form that was expected',
  PrismaClientValidationError: 'a query does not fit the schema',
  SyntaxError: 'a text could not be read',
};
/** What gRPC calls the numbers that Temporal's client has as codes. */
const GRPC: Record<number, string> = {
  1: 'CANCELLED',
  3: 'INVALID_ARGUMENT',
  4: 'DEADLINE_EXCEEDED',
  5: 'NOT_FOUND',
  6: 'ALREADY_EXISTS',
  7: 'PERMISSION_DENIED',
  8: 'RESOURCE_EXHAUSTED',
  9: 'FAILED_PRECONDITION',
  10: 'ABORTED',
  12: 'UNIMPLEMENTED',
  13: 'INTERNAL',
  14: 'UNAVAILABLE',
  16: 'UNAUTHENTICATED',
};
/** Messages of libraries that are the same every time, of errors that have no code; the beginning of one that goes on is kept. */
const FIXED_MESSAGES = [
  /^Connection terminated( unexpectedly| due to connection timeout)?$/,
  /^Query read timeout$/,
  /^timeout expired$/,
  /^timeout exceeded when trying to connect$/,
  /^Client (was closed|has encountered a connection error) and is not queryable$/,
  /^Cannot use a pool after calling end on the pool$/,
  /^Cannot (read|set) properties of (undefined|null)/,
];

export function isError(value: unknown): value is Error {
  return types.isNativeError(value) || value instanceof Error;
}

/**
 * The one way to log an error, here and in Temporal. Leaves out its message, and PostgreSQL's `detail`, `hint`, `where`,
 * query and parameters: each may hold a number or a name.
 */
export function loggable(thrown: unknown, depth = 0): LoggableError {
  if (!isError(thrown)) return { name: `thrown ${typeof thrown}`, stack: [] };
  const { cause, errors } = thrown as { cause?: unknown; errors?: unknown };
  const goesOn = depth < DEPTH_MAX;
  const name = NAME.test(String(thrown.name)) ? thrown.name : 'Error';
  const code = codeOf(thrown);
  const text = textOf(thrown, name, code);
  return {
    name,
    ...(code !== undefined && { code }),
    ...(text !== undefined && { text }),
    ...identifiersOf(thrown),
    stack: ownFrames(thrown.stack),
    ...(goesOn && isError(cause) && { cause: loggable(cause, depth + 1) }),
    ...(goesOn &&
      Array.isArray(errors) && {
        errors: errors
          .slice(0, ERRORS_MAX)
          .filter(isError)
          .map((err) => loggable(err, depth + 1)),
      }),
  };
}

/** The same in one line, for a place that takes text only. */
export function describeError(thrown: unknown): string {
  const { name, code, text, constraint, table, column } = loggable(thrown);
  const where = [constraint, table, column].filter((part) => part !== undefined).join(', ');
  return [name, code, text && `(${text})`, where && `[${where}]`].filter(Boolean).join(' ');
}

function codeOf(err: Error): string | number | undefined {
  const { code } = err as { code?: unknown };
  if (typeof code === 'number' && Number.isInteger(code) && Math.abs(code) < 1_000) return GRPC[code] ?? code;
  return typeof code === 'string' && CODE.test(code) ? code : undefined;
}

function textOf(err: Error, name: string, code: string | number | undefined): string | undefined {
  if (err instanceof PlainError) return err.message;
  const fixed = FIXED_MESSAGES.map((known) => known.exec(err.message)?.[0]).find((found) => found !== undefined);
  if (fixed !== undefined) return fixed;
  const isSqlState = typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code);
  const byCode = code === undefined ? undefined : (TEXTS[code] ?? (isSqlState ? TEXTS[code.slice(0, 2)] : undefined));
  return byCode ?? TEXTS[name];
}

/** Names of the schema, which PostgreSQL gives apart from the values. */
function identifiersOf(err: Error): Partial<Record<(typeof IDENTIFIERS)[number], string>> {
  // An error of pg or of Prisma: what is read is checked.
  const found = err as unknown as Record<string, unknown> & { meta?: { modelName?: unknown } };
  // Only PostgreSQL's own errors have a severity: `table` of another error may be anything.
  if (found['severity'] === undefined) {
    const model = found.meta?.modelName;
    return typeof model === 'string' && IDENTIFIER.test(model) ? { table: model } : {};
  }
  return Object.fromEntries(
    IDENTIFIERS.flatMap((key) => {
      const value = found[key];
      return typeof value === 'string' && IDENTIFIER.test(value) ? [[key, value]] : [];
    }),
  );
}

function rootOfStacks(): string | undefined {
  const own = String(new Error().stack).split('\n')[1] ?? '';
  const end = own.search(/platform[/\\]loggable\.[jt]s:\d/);
  const starts = [' (', 'at ', 'file://'].map((before) => own.indexOf(before) + before.length);
  return end < 0 ? undefined : own.slice(Math.max(...starts), end);
}

/** Files and lines of ours. Not the rest of the stack: it begins with the message, and names of functions can be made from data. */
function ownFrames(stack: string | undefined): string[] {
  const frames: string[] = [];
  for (const line of String(stack ?? '').split('\n')) {
    const start = line.indexOf(ROOT);
    if (start < 0 || !/^\s+at /.test(line)) continue;
    const frame = FRAME.exec(line.slice(start + ROOT.length));
    if (!frame || line.includes('node_modules') || /\d{6}/.test(frame[1]!)) continue;
    frames.push(`${frame[1]}:${frame[2]}:${frame[3]}`);
    if (frames.length === FRAMES_MAX) break;
  }
  return frames;
}
