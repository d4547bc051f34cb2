import { readEgressPolicy, type EgressPolicy } from './egress.js';
import { createSecretBox, type SecretBox } from './secret-box.js';
import { withoutEndSlash } from './without-end-slash.js';
import { readSettings, SettingError, type Settings } from './settings.js';

/** What a process reads from its environment, once, at its start. Temporal's own variables are read by @temporalio/envconfig. */
export type Config = {
  databaseUrl: string;
  /** Address the API listens on. */
  apiHost: string;
  apiPort: number;
  /** Where providers reach this API, without a slash at its end; null: they cannot, and calls are polled only. */
  publicUrl: string | null;
  /** Seals and opens the credentials of provider accounts. It holds the keys, so that they are in no object that is logged. */
  secretBox: SecretBox;
  /** Where requests to providers may go. */
  egress: EgressPolicy;
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
  const allowClockOverride = environment['DIALWRIGHT_ALLOW_CLOCK_OVERRIDE'] === 'for-tests';
  if (isProduction && allowClockOverride)
    throw new SettingError('DIALWRIGHT_ALLOW_CLOCK_OVERRIDE is for tests; unset it in production');
  const databaseUrl = environment['DATABASE_URL'];
  if (!databaseUrl)
    throw new SettingError(
      'Set DATABASE_URL to a PostgreSQL database, e.g. postgresql://user:password@host:5432/dialwright',
    );
  return {
    databaseUrl,
    apiHost: environment['DIALWRIGHT_API_HOST'] ?? '127.0.0.1',
    apiPort: readPort(environment['DIALWRIGHT_API_PORT']),
    publicUrl: readPublicUrl(environment['DIALWRIGHT_PUBLIC_URL']),
    secretBox: createSecretBox({
      key: environment['DIALWRIGHT_ENCRYPTION_KEY'],
      previousKey: environment['DIALWRIGHT_ENCRYPTION_KEY_PREVIOUS'],
    }),
    egress: readEgressPolicy({
      hosts: environment['DIALWRIGHT_EGRESS_HOSTS'],
      proxy: environment['DIALWRIGHT_EGRESS_PROXY'],
      simulator: environment['DIALWRIGHT_SIMULATOR'],
    }),
    temporalUiUrl: environment['DIALWRIGHT_TEMPORAL_UI_URL'] ?? null,
    logLevel: environment['DIALWRIGHT_LOG_LEVEL'] ?? 'info',
    isProduction,
    allowClockOverride,
    settings: readSettings(environment),
  };
}

function readPort(text: string | undefined): number {
  const port = Number(text ?? 3000);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new SettingError(`DIALWRIGHT_API_PORT=${text} must be a port from 0 to 65535 (0 takes a free one)`);
}

function readPublicUrl(text: string | undefined): string | null {
  if (text === undefined || text === '') return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  const isPlain = url && !url.search && !url.hash && !url.username && !url.password;
  if (isPlain && /^https?:$/.test(url.protocol)) return withoutEndSlash(url.href);
  throw new SettingError(
    'DIALWRIGHT_PUBLIC_URL must be the http(s) address at which providers reach the API, without user name, ? and #, e.g. https://calls.example.com',
  );
}
