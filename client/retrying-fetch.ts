export type Fetch = (request: Request) => Promise<Response>;

export type RetryOptions = {
  /** How often one request is sent at most. */
  triesMax: number;
  /** Half of what the first wait is at most; each further one may be twice as long. */
  waitMs: number;
  /** No wait is longer, whatever the server asks for: then the answer is given. */
  waitMaxMs: number;
};

export const RETRIES: RetryOptions = { triesMax: 5, waitMs: 250, waitMaxMs: 30_000 };

/** The answers that say: again, later. */
const AGAIN = [429, 502, 503, 504];
const KEY = 'Idempotency-Key';
/** What is about people is never kept with a key: passwords are in it. Nothing that changes something there is sent twice. */
const ABOUT_PEOPLE = /\/v1\/(session|links|password-links)(\/|$)/;

/**
 * Sends a request again that got no answer, or one that says so. Only what is safe to repeat: a read, a change that names what is
 * to be (PUT, PATCH, DELETE), and a POST with an Idempotency-Key, which each gets that has none. Never one with `If-Match`: when
 * its answer was lost, it would be refused because of itself. A body that is a stream is sent once.
 */
export function retryingFetch(fetch: Fetch, { triesMax, waitMs, waitMaxMs }: RetryOptions): Fetch {
  return async (request) => {
    if (request.method === 'POST' && !request.headers.has(KEY) && takesKey(request))
      request.headers.set(KEY, crypto.randomUUID());
    const isSafe = isSafeToRepeat(request);
    for (let tries = 1; ; tries++) {
      const isLast = !isSafe || tries >= triesMax;
      const res = await fetch(isLast ? request : request.clone()).catch((err: unknown) => {
        if (isLast || request.signal.aborted) throw err;
        return null;
      });
      const pauseMs = Math.max(askedForMs(res), waitMs * 2 ** (tries - 1) * (1 + Math.random()));
      if (res && (isLast || !AGAIN.includes(res.status) || pauseMs > waitMaxMs)) return res;
      await res?.body?.cancel();
      await pause(pauseMs, request.signal);
    }
  };
}

function takesKey(request: Request): boolean {
  const isForm = request.headers.get('content-type')?.startsWith('multipart/') ?? false;
  return !isForm && !isAboutPeople(request);
}

function isSafeToRepeat(request: Request): boolean {
  const { method, headers } = request;
  if (method === 'GET' || method === 'HEAD') return true;
  return !isAboutPeople(request) && !headers.has('If-Match') && (method !== 'POST' || headers.has(KEY));
}

function isAboutPeople({ url }: Request): boolean {
  return ABOUT_PEOPLE.test(new URL(url).pathname);
}

/** `Retry-After` in seconds. */
function askedForMs(res: Response | null): number {
  const seconds = Number(res?.headers.get('retry-after') ?? 0);
  return Number.isFinite(seconds) ? seconds * 1_000 : 0;
}

/** @throws what the signal was aborted with */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    if (signal.aborted) return stop();
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
  });
}
