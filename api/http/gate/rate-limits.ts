import { RateLimiterMemory, RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';
import type { Settings } from '../../../platform/settings.js';
import type { Database } from '../../../store/database.js';
import { sharedLimiter } from '../../../store/people/shared-limiter.js';
import { ApiError } from '../errors.js';
import type { Operation } from '../operation.js';
import { networkOf } from './network-of.js';

type RateSettings = Pick<
  Settings,
  'requestsPerMinuteMax' | 'searchesPerMinuteMax' | 'uploadsPerMinuteMax' | 'wrongKeysPerMinuteMax'
>;
type Limit = { name: string; limiter: RateLimiterAbstract };
/** What a client is told of its limits, in headers. */
type RateHeaders = Record<string, string>;

export type RateLimits = {
  /**
   * Counts a request of a key. What stops calls is not counted: it is never one too many.
   * @returns the headers that tell how many are left @throws ApiError too_many_requests
   */
  take(whose: string, operation: Operation): Promise<RateHeaders>;
  /** Counts a wrong key, or none, from an address. @throws ApiError too_many_requests, in place of what is wrong with it */
  takeWrongKey(address: string): Promise<void>;
};

const WINDOW_S = 60;

/**
 * How many requests one key may make in a minute, and how many wrong keys may come from one address. Each process counts for
 * itself, or all together in PostgreSQL (`sharedWith`); while that is away each for itself again.
 */
export function createRateLimits(settings: RateSettings, sharedWith: Database | null): RateLimits {
  const limit = (name: string, points: number): Limit => {
    const options = { keyPrefix: name, points, duration: WINDOW_S };
    const own = new RateLimiterMemory(options);
    return { name, limiter: sharedWith ? sharedLimiter(sharedWith, options, own) : own };
  };
  const requests = limit('requests', settings.requestsPerMinuteMax);
  const searches = limit('searches', settings.searchesPerMinuteMax);
  const uploads = limit('uploads', settings.uploadsPerMinuteMax);
  const wrongKeys = limit('wrong-keys', settings.wrongKeysPerMinuteMax);

  return {
    async take(whose, { bodyKind, usualWork }) {
      if (usualWork === 'stop') return {};
      const limits = [requests];
      if (bodyKind === 'multipart') limits.push(uploads);
      else if (usualWork === 'search' || usualWork === 'export') limits.push(searches);
      const told: [Limit, RateLimiterRes][] = [];
      for (const one of limits) told.push([one, await consume(one, whose)]);
      return headersOf(told);
    },

    async takeWrongKey(address) {
      await consume(wrongKeys, networkOf(address));
    },
  };
}

async function consume(limit: Limit, key: string): Promise<RateLimiterRes> {
  try {
    return await limit.limiter.consume(key);
  } catch (thrown) {
    if (!(thrown instanceof RateLimiterRes)) throw thrown;
    const seconds = Math.max(1, Math.ceil(thrown.msBeforeNext / 1_000));
    throw new ApiError(
      'too_many_requests',
      `More than ${limit.limiter.points} ${limit.name.replace('-', ' ')} came within a minute. Come again in ${seconds} s.`,
      { headers: { ...headersOf([[limit, thrown]]), 'Retry-After': String(seconds) } },
    );
  }
}

/** `RateLimit` and `RateLimit-Policy`, as draft-ietf-httpapi-ratelimit-headers-08 has them. */
function headersOf(told: readonly [Limit, RateLimiterRes][]): RateHeaders {
  const policies = told.map(([{ name, limiter }]) => `"${name}";q=${limiter.points};w=${WINDOW_S}`);
  const left = told.map(
    ([{ name }, { remainingPoints, msBeforeNext }]) =>
      `"${name}";r=${Math.max(0, remainingPoints)};t=${Math.ceil(msBeforeNext / 1_000)}`,
  );
  return { 'RateLimit-Policy': policies.join(', '), RateLimit: left.join(', ') };
}
