import { readSettings, SettingError, type Settings } from './settings.js';

/** What a process reads from its environment, once, at its start. Temporal's own variables are read by @temporalio/envconfig. */
export type Config = {
  databaseUrl: string;
  /** Address the API listens on. */
  apiHost: string;
  apiPort: number;
  /** Where providers reach this API, for webhooks; the local address when unset. */
  publicUrl: string | null;
  temporalUiUrl: string | null;
  logLevel: string;
  isProduction: boolean;
  /** Whether PostgreSQL's clock function may be replaced: only a test says so, and production refuses. */
  allowClockOverride: boolean;
  settings: Settings;
};

/** @throws SettingError that names the variable and says what to set. */
export function readConfig(environment: Record<string, string | undefined> = process.env): Config {
  const isProduction = environment['NODE_ENV'] === 'production';
  const allowClockOverride = environment['CALLWRIGHT_ALLOW_CLOCK_OVERRIDE'] === 'for-tests';
  if (isProduction && allowClockOverride)
    throw new SettingError('CALLWRIGHT_ALLOW_CLOCK_OVERRIDE is for tests; unset it in production');
  const databaseUrl = environment['DATABASE_URL'];
  if (!databaseUrl)
    throw new SettingError(
      'Set DATABASE_URL to a PostgreSQL database, e.g. postgresql://user:password@host:5432/callwright',
    );
  return {
    databaseUrl,
    apiHost: environment['CALLWRIGHT_API_HOST'] ?? '127.0.0.1',
    apiPort: readPort(environment['CALLWRIGHT_API_PORT']),
    publicUrl: environment['CALLWRIGHT_PUBLIC_URL'] ?? null,
    temporalUiUrl: environment['CALLWRIGHT_TEMPORAL_UI_URL'] ?? null,
    logLevel: environment['CALLWRIGHT_LOG_LEVEL'] ?? 'info',
    isProduction,
    allowClockOverride,
    settings: readSettings(environment),
  };
}

function readPort(text: string | undefined): number {
  const port = Number(text ?? 3000);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new SettingError(`CALLWRIGHT_API_PORT=${text} must be a port from 0 to 65535 (0 takes a free one)`);
}
