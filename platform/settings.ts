import { StartError } from './start-error.js';

/** Every limit and time-out of a process: its environment variable, default and bounds. docs/configuration.md is checked against it. */
export const SETTINGS = {
  dialBudgetMs: {
    env: 'DIALWRIGHT_DIAL_BUDGET_MS',
    default: 250,
    min: 20,
    max: 1_000,
    what: 'From before the claim to the first byte of the request; a later request is abandoned unsent.',
  },
  requestTimeoutMs: {
    env: 'DIALWRIGHT_REQUEST_TIMEOUT_MS',
    default: 8_000,
    min: 200,
    max: 30_000,
    what: 'How long a provider may take to answer a request.',
  },
  laneWaitMaxMs: {
    env: 'DIALWRIGHT_LANE_WAIT_MAX_MS',
    default: 300_000,
    min: 1_000,
    max: 330_000,
    what: 'How long one place-call activity waits for a call that may start.',
  },
  claimIntervalMs: {
    env: 'DIALWRIGHT_CLAIM_INTERVAL_MS',
    default: 500,
    min: 20,
    max: 5_000,
    what: 'How often a worker says that its lanes wait, and looks for what nobody told them.',
  },
  settleIntervalMs: {
    env: 'DIALWRIGHT_SETTLE_INTERVAL_MS',
    default: 1_000,
    min: 20,
    max: 60_000,
    what: 'How often the settler looks for calls whose fate is open.',
  },
  settleNextLookMs: {
    env: 'DIALWRIGHT_SETTLE_NEXT_LOOK_MS',
    default: 15_000,
    min: 50,
    max: 600_000,
    what: 'How long until the settler asks again about a call that the provider could not explain.',
  },
  confirmDelayMs: {
    env: 'DIALWRIGHT_CONFIRM_DELAY_MS',
    default: 300_000,
    min: 0,
    max: 3_600_000,
    what: 'After two absents at the provider: how long until the third look that lets the recipient be called again.',
  },
  sweepIntervalMs: {
    env: 'DIALWRIGHT_SWEEP_INTERVAL_MS',
    default: 1_000,
    min: 50,
    max: 60_000,
    what: 'How often the sweeper repeats, from state, what a crash left undone.',
  },
  runCheckIntervalMs: {
    env: 'DIALWRIGHT_RUN_CHECK_INTERVAL_MS',
    default: 30_000,
    min: 100,
    max: 600_000,
    what: 'How often the sweeper makes sure that an open batch has its run; a tenth as often while the batch waits for a time that is further away than ten such intervals.',
  },
  databaseConnectionsMax: {
    env: 'DIALWRIGHT_DATABASE_CONNECTIONS_MAX',
    default: 24,
    min: 24,
    max: 400,
    what: 'Connections to PostgreSQL of one process, over all of its pools.',
  },
  startWaitMs: {
    env: 'DIALWRIGHT_START_WAIT_MS',
    default: 60_000,
    min: 0,
    max: 600_000,
    what: 'How long a process that starts waits for a PostgreSQL that does not answer.',
  },
  readTimeoutMs: {
    env: 'DIALWRIGHT_READ_TIMEOUT_MS',
    default: 8_000,
    min: 100,
    max: 60_000,
    what: 'How long one statement of a page, a list or a search may take.',
  },
  placeWaitMs: {
    env: 'DIALWRIGHT_PLACE_WAIT_MS',
    default: 5_000,
    min: 0,
    max: 60_000,
    what: 'How long a request waits for others of its kind before it is told to come again; a received upload 12 times as long.',
  },
  requestsPerMinuteMax: {
    env: 'DIALWRIGHT_REQUESTS_PER_MINUTE_MAX',
    default: 12_000,
    min: 1,
    max: 10_000_000,
    what: 'Requests with one key in a minute; what stops calls is never counted.',
  },
  searchesPerMinuteMax: {
    env: 'DIALWRIGHT_SEARCHES_PER_MINUTE_MAX',
    default: 1_200,
    min: 1,
    max: 10_000_000,
    what: 'Searches, previews and downloads with one key in a minute.',
  },
  uploadsPerMinuteMax: {
    env: 'DIALWRIGHT_UPLOADS_PER_MINUTE_MAX',
    default: 120,
    min: 1,
    max: 10_000_000,
    what: 'Uploads with one key in a minute.',
  },
  listenersMax: {
    env: 'DIALWRIGHT_LISTENERS_MAX',
    default: 500,
    min: 1,
    max: 100_000,
    what: 'Clients of one workspace that may listen to events at one API process; four times as many of all workspaces.',
  },
  wrongKeysPerMinuteMax: {
    env: 'DIALWRIGHT_WRONG_KEYS_PER_MINUTE_MAX',
    default: 60,
    min: 1,
    max: 10_000_000,
    what: 'Requests with a wrong key, or none, from one address in a minute; a right key is always taken.',
  },
  signInTriesOfAccountMax: {
    env: 'DIALWRIGHT_SIGN_IN_TRIES_OF_ACCOUNT_MAX',
    default: 10,
    min: 1,
    max: 10_000_000,
    what: 'Tries to sign in to one account from one address, in 15 minutes; a right one is given back.',
  },
  signInTriesOfAddressMax: {
    env: 'DIALWRIGHT_SIGN_IN_TRIES_OF_ADDRESS_MAX',
    default: 50,
    min: 1,
    max: 10_000_000,
    what: 'Tries to sign in from one address, whatever the account, in 15 minutes; a right one is given back.',
  },
  secondFactorTriesOfPersonMax: {
    env: 'DIALWRIGHT_SECOND_FACTOR_TRIES_OF_PERSON_MAX',
    default: 10,
    min: 1,
    max: 10_000_000,
    what: 'Codes of a second factor that one person may show in 15 minutes, right ones too, from all addresses together.',
  },
  testCallsPerMinuteMax: {
    env: 'DIALWRIGHT_TEST_CALLS_PER_MINUTE_MAX',
    default: 5,
    min: 1,
    max: 1_000,
    what: 'Test calls that one workspace may ask for in a minute.',
  },
  recentCallDays: {
    env: 'DIALWRIGHT_RECENT_CALL_DAYS',
    default: 30,
    min: 1,
    max: 365,
    what: 'How many days back a call to a number counts as recent, where duplicates are counted.',
  },
  jsonBytesMax: {
    env: 'DIALWRIGHT_JSON_BYTES_MAX',
    default: 262_144,
    min: 1_024,
    max: 1_048_576,
    what: 'Largest JSON body, without its list of recipients.',
  },
  recipientsBytesMax: {
    env: 'DIALWRIGHT_RECIPIENTS_BYTES_MAX',
    default: 10_485_760,
    min: 1_024,
    max: 33_554_432,
    what: 'Largest JSON body with a list of recipients; larger ones are told to upload a CSV.',
  },
  recipientListsMax: {
    env: 'DIALWRIGHT_RECIPIENT_LISTS_MAX',
    default: 4,
    min: 2,
    max: 64,
    what: 'How many larger JSON bodies a process reads at the same time, half of them for one workspace.',
  },
  recipientListWaitMs: {
    env: 'DIALWRIGHT_RECIPIENT_LIST_WAIT_MS',
    default: 10_000,
    min: 0,
    max: 60_000,
    what: 'How long such a body may wait for its turn; then it is told to come again (503).',
  },
  recipientListTimeoutMs: {
    env: 'DIALWRIGHT_RECIPIENT_LIST_TIMEOUT_MS',
    default: 60_000,
    min: 1_000,
    max: 600_000,
    what: 'How long a client may take to send such a body.',
  },
  uploadBytesMax: {
    env: 'DIALWRIGHT_UPLOAD_BYTES_MAX',
    default: 52_428_800,
    min: 1_024,
    max: 1_073_741_824,
    what: 'Largest CSV file.',
  },
  csvColumnsMax: {
    env: 'DIALWRIGHT_CSV_COLUMNS_MAX',
    default: 1_000,
    min: 1,
    max: 10_000,
    what: 'Most columns of a CSV.',
  },
  csvRowBytesMax: {
    env: 'DIALWRIGHT_CSV_ROW_BYTES_MAX',
    default: 65_536,
    min: 1_024,
    max: 1_048_576,
    what: 'Largest row of a CSV; a longer one is rejected alone.',
  },
  csvRowsMax: {
    env: 'DIALWRIGHT_CSV_ROWS_MAX',
    default: 5_000_000,
    min: 1,
    max: 50_000_000,
    what: 'Most rows of a CSV.',
  },
  importBytesMax: {
    env: 'DIALWRIGHT_IMPORT_BYTES_MAX',
    default: 536_870_912,
    min: 65_536,
    max: 10_737_418_240,
    what: 'Most bytes that the checked rows of one import may take in the database before they are confirmed.',
  },
  recordingBytesMax: {
    env: 'DIALWRIGHT_RECORDING_BYTES_MAX',
    default: 104_857_600,
    min: 1_024,
    max: 2_147_483_647,
    what: 'Largest recording that is fetched from a provider and passed on.',
  },
} as const satisfies Record<string, Setting>;

type Setting = { env: string; default: number; min: number; max: number; what: string };
export type Settings = { [name in keyof typeof SETTINGS]: number };

export class SettingError extends StartError {
  override readonly name = 'SettingError';
}

/** Reads the settings from an environment. @throws SettingError that names the variable, its bounds and what it was. */
export function readSettings(environment: Record<string, string | undefined>): Settings {
  const entries = Object.entries(SETTINGS).map(([name, setting]) => [
    name,
    readSetting(setting, environment[setting.env]),
  ]);
  return Object.fromEntries(entries) as Settings;
}

function readSetting(setting: Setting, text: string | undefined): number {
  if (text === undefined || text === '') return setting.default;
  const value = Number(text);
  if (Number.isInteger(value) && value >= setting.min && value <= setting.max) return value;
  throw new SettingError(`${setting.env}=${text} must be a whole number from ${setting.min} to ${setting.max}`);
}
