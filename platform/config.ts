import { isIP } from 'node:net';
import { readEgressPolicy, type EgressPolicy } from './egress.js';
import { readCorsOrigins } from './browser/cors-origins.js';
import { readOidc, type OidcSettings } from './people/oidc.js';
import { readMailer, type Mailer } from './mail/mailer.js';
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
  /** The identity provider by which people sign in; null: with a password only. */
  oidc: OidcSettings | null;
  /** Where requests to providers may go. */
  egress: EgressPolicy;
  /** Sends links to people; null: whoever makes a link gives it on. */
  mailer: Mailer | null;
  /** Whether all API processes count requests together, in PostgreSQL, in place of each for itself. */
  sharedRateLimits: boolean;
  /** How many proxies are in front, or their addresses: whose word on a client's address is believed. False: nobody's. */
  trustProxy: number | string[] | false;
  /** Origins whose pages may call the API with a key. */
  corsOrigins: readonly string[];
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
  const publicUrl = readPublicUrl(environment['DIALWRIGHT_PUBLIC_URL']);
  return {
    databaseUrl,
    apiHost: environment['DIALWRIGHT_API_HOST'] ?? '127.0.0.1',
    apiPort: readPort(environment['DIALWRIGHT_API_PORT']),
    publicUrl,
    secretBox: createSecretBox({
      key: environment['DIALWRIGHT_ENCRYPTION_KEY'],
      previousKey: environment['DIALWRIGHT_ENCRYPTION_KEY_PREVIOUS'],
    }),
    oidc: readOidc(
      {
        issuer: environment['DIALWRIGHT_OIDC_ISSUER'],
        clientId: environment['DIALWRIGHT_OIDC_CLIENT_ID'],
        clientSecret: environment['DIALWRIGHT_OIDC_CLIENT_SECRET'],
        groupsClaim: environment['DIALWRIGHT_OIDC_GROUPS_CLAIM'],
        groups: environment['DIALWRIGHT_OIDC_GROUPS'],
      },
      publicUrl,
    ),
    egress: readEgressPolicy({
      hosts: environment['DIALWRIGHT_EGRESS_HOSTS'],
      proxy: environment['DIALWRIGHT_EGRESS_PROXY'],
      simulator: environment['DIALWRIGHT_SIMULATOR'],
    }),
    mailer: readMailer({
      url: environment['DIALWRIGHT_SMTP_URL'],
      from: environment['DIALWRIGHT_MAIL_FROM'],
      publicUrl,
    }),
    sharedRateLimits: readSwitch('DIALWRIGHT_SHARED_RATE_LIMITS', environment['DIALWRIGHT_SHARED_RATE_LIMITS']),
    trustProxy: readTrustProxy(environment['DIALWRIGHT_TRUST_PROXY']),
    corsOrigins: readCorsOrigins(environment['DIALWRIGHT_CORS_ORIGINS']),
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

function readSwitch(name: string, text: string | undefined): boolean {
  if (text === undefined || text === '' || text === 'off') return false;
  if (text === 'on') return true;
  throw new SettingError(`${name}=${text} must be on or off`);
}

const PROXIES_MAX = 10;

/** The number of proxies in front of the API, or their addresses and networks. */
function readTrustProxy(text: string | undefined): number | string[] | false {
  if (text === undefined || text === '') return false;
  if (/^\d{1,2}$/.test(text) && Number(text) <= PROXIES_MAX) return Number(text);
  const proxies = text.split(',').map((proxy) => proxy.trim());
  if (proxies.every(isProxy)) return proxies;
  throw new SettingError(
    `DIALWRIGHT_TRUST_PROXY=${text} must be how many proxies are in front of the API (1), or their addresses or networks (10.0.0.7, 10.0.0.0/8, loopback)`,
  );
}

function isProxy(text: string): boolean {
  if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true;
  const [address = '', bits, ...rest] = text.split('/');
  const bitsMax = { 4: 32, 6: 128, 0: -1 }[isIP(address) as 0 | 4 | 6];
  return (
    rest.length === 0 && bitsMax > 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= bitsMax))
  );
}
