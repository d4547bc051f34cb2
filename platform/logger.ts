import { pino, type DestinationStream, type LogFn, type Logger } from 'pino';
import { describeError, isError, loggable } from './loggable.js';
import { StartError } from './start-error.js';

export type { Logger };

/** How deep errors are looked for in what is logged. */
const DEPTH_MAX = 3;

/**
 * A JSON logger. Phone numbers, names and variables are never given to it: ids only. An error may be given to it as it was
 * thrown, under whatever name: what is written of it is what `loggable` says, never its message.
 */
export function createLogger(level: string, process: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: { process },
    serializers: { err: (err: unknown) => loggable(err) },
    formatters: { log: (logged: object) => withoutErrors(logged, 0) as Record<string, unknown> },
    hooks: { logMethod },
  };
  return destination ? pino(options, destination) : pino(options);
}

/**
 * Writes down why the process ends, for an error that nobody caught, and ends it: Node itself would print all of the error.
 * Of a StartError its sentence is all that there is to say.
 */
export function endOnUncaughtError(logger: Logger): void {
  process.on('uncaughtException', (err) => {
    if (err instanceof StartError) logger.fatal(err.sentence);
    else logger.fatal({ err }, 'the process ends because of an error that nobody expected');
    process.exit(1);
  });
}

/** Pino takes the message of an error that is logged without a text of ours, and prints errors that fill a `%s`. */
function logMethod(this: Logger, args: unknown[], method: LogFn): void {
  const [first, ...rest] = args;
  const logged = isError(first) ? { err: first } : first;
  const texts = rest.map((arg) => (isError(arg) ? describeError(arg) : arg));
  if (texts.length === 0 && typeof logged === 'object') texts.push('no text');
  method.apply(this, [logged, ...texts] as Parameters<LogFn>);
}

/** `err` has its serializer; errors under other names are made loggable here. */
function withoutErrors(value: unknown, depth: number): unknown {
  if (isError(value)) return loggable(value);
  if (typeof value !== 'object' || value === null || depth === DEPTH_MAX) return value;
  if (Array.isArray(value)) return value.map((item) => withoutErrors(item, depth + 1));
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      depth === 0 && key === 'err' ? item : withoutErrors(item, depth + 1),
    ]),
  );
}
