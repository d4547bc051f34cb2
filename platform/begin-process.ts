import { readConfig, type Config } from './config.js';
import { createLogger, endOnUncaughtError, type Logger } from './logger.js';
import { StartError } from './start-error.js';

/**
 * Begins a process of this installation: answers `--help`, reads its settings, makes its log. What keeps it from starting,
 * here and later, is logged as one sentence, and the process ends with 1.
 */
export function beginProcess(name: 'api' | 'worker', what: string): { config: Config; logger: Logger } {
  const [argument] = process.argv.slice(2);
  if (argument === '--help') {
    process.stdout.write(
      `${what}\nIt takes no arguments. Its settings are environment variables: docs/configuration.md.\n`,
    );
    process.exit(0);
  }
  endOnUncaughtError(createLogger('info', name));
  if (argument !== undefined)
    throw new StartError(
      `There is no argument ${argument}. Settings are environment variables: docs/configuration.md.`,
    );
  const config = readConfig();
  return { config, logger: createLogger(config.logLevel, name) };
}
