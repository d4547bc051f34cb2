import { RateLimiterPostgres, type RateLimiterAbstract } from 'rate-limiter-flexible';
import type { Database } from '../database.js';

type LimiterOptions = { keyPrefix: string; points: number; duration: number };

/**
 * A limiter by which all processes count together, in `rate_limits`: one statement for each request. `own` counts while the
 * database cannot be asked. Rows that are of no use any more are removed after an hour.
 */
export function sharedLimiter(
  { pool }: Database,
  options: LimiterOptions,
  own: RateLimiterAbstract,
): RateLimiterAbstract {
  const table = { storeClient: pool, storeType: 'pool', tableName: 'rate_limits', tableCreated: true };
  return new RateLimiterPostgres({ ...options, ...table, insuranceLimiter: own });
}
