import { pino, type Logger } from 'pino';

export type { Logger };

/** A JSON logger. Phone numbers, names and variables are never given to it: ids only. */
export function createLogger(level: string, process: string): Logger {
  return pino({ level, base: { process } });
}
