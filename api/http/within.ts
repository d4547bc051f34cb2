import { PlainError } from '../../platform/loggable.js';

/** Nothing answered in time. */
class TimedOutError extends PlainError {
  override readonly name = 'TimedOutError';
}

/** The promise's result, or a TimedOutError after `timeoutMs`; what comes later is ignored. */
export async function within<T>(timeoutMs: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TimedOutError(`no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  promise.catch(() => {});
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
