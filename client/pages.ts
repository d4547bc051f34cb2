import { DialwrightError, problemOf } from './problem.js';

/** An answer as openapi-fetch gives it. */
type Answered<T> = { data?: T; error?: unknown; response: Response };

/** What was answered. @throws DialwrightError when it was refused */
export async function answered<T>(asking: Promise<Answered<T>>): Promise<T> {
  const { data, error, response } = await asking;
  if (!response.ok) throw new DialwrightError(problemOf(response.status, error));
  return data as T;
}

type Page<T> = { data: T[]; nextCursor: string | null };

/**
 * Each thing of a list, page by page: `ask` asks for the page behind a cursor, and for the first one without. What is made
 * meanwhile may be missed; nothing comes twice. @throws DialwrightError
 *
 *     for await (const batch of everyOf((cursor) => api.GET('/v1/batches', { params: { query: { cursor } } }))) …
 */
export async function* everyOf<T>(
  ask: (cursor: string | undefined) => Promise<Answered<Page<T>>>,
): AsyncGenerator<T, void, undefined> {
  for (let cursor: string | undefined; ;) {
    const { data, nextCursor } = await answered(ask(cursor));
    yield* data;
    if (nextCursor === null) return;
    cursor = nextCursor;
  }
}
