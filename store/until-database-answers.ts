import { setTimeout as sleep } from 'node:timers/promises';
import { StartError } from '../platform/start-error.js';
import type { Database } from './database.js';

/** PostgreSQL is away, or about to be there: it is worth waiting. */
const AWAY = [
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
];
const CANNOT_CONNECT_NOW = '57P03';
const SHUTTING_DOWN = '57P01';
const WRONG_PASSWORD = ['28P01', '28000'];
const NO_SUCH_DATABASE = '3D000';

const ASK_EVERY_MS = 500;

type WaitOptions = { onWait: (sentence: string) => void; waitMaxMs: number };

/** Waits for a PostgreSQL that is away, bounded, and says so once. @throws StartError, which says what to do */
export async function untilDatabaseAnswers(
  { pool, url }: Pick<Database, 'pool' | 'url'>,
  { onWait, waitMaxMs }: WaitOptions,
): Promise<void> {
  const { host, pathname } = new URL(url);
  const name = decodeURIComponent(pathname.slice(1));
  const deadline = performance.now() + waitMaxMs;
  for (let isWaiting = false; ; isWaiting = true) {
    const err = await pool.query('SELECT 1').then(
      () => null,
      (thrown: unknown) => thrown,
    );
    if (err === null) return;
    const code = String((err as { code?: unknown }).code ?? '');
    if (WRONG_PASSWORD.includes(code))
      throw new StartError(`PostgreSQL at ${host} refuses the user or the password: set both in DATABASE_URL.`);
    if (code === NO_SUCH_DATABASE)
      throw new StartError(`There is no database ${name} at ${host}: \`npm run migrate\` makes it.`);
    if (!isAway(err, code)) throw err as Error; // pg throws nothing else
    if (performance.now() + ASK_EVERY_MS > deadline)
      throw new StartError(`PostgreSQL does not answer at ${host}: start it, or set DATABASE_URL to where it is.`);
    if (!isWaiting) onWait(`PostgreSQL does not answer at ${host}: waiting for it, ${waitMaxMs / 1000} s at most`);
    await sleep(ASK_EVERY_MS);
  }
}

function isAway(err: unknown, code: string): boolean {
  // pg has no code for a connection that was not there in time.
  const isTimeout = err instanceof Error && /timeout/i.test(err.message);
  return AWAY.includes(code) || code === CANNOT_CONNECT_NOW || code === SHUTTING_DOWN || isTimeout;
}
