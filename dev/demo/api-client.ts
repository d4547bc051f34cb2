/** A minimal client of the API, for scripts, benches and end-to-end tests. */
export type ApiClient = {
  /** @throws ApiFailure for any answer that is not 2xx. */
  <T>(method: string, path: string, body?: unknown): Promise<T>;
};

/** An answer that is not 2xx, with what the API said. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';
  constructor(
    readonly status: number,
    readonly problem: { code?: string; detail?: string },
    /** Whether it says when to send the request again. */
    readonly saysWhen = false,
  ) {
    super(`${status} ${problem.code ?? ''} ${problem.detail ?? ''}`);
  }
}

const TIMEOUT_MS = 60_000;

export function createApiClient(apiUrl: string, apiKey: string): ApiClient {
  return async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const isForm = body instanceof FormData;
    const response = await fetch(`${apiUrl}${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${apiKey}`,
        ...(body !== undefined && !isForm && { 'Content-Type': 'application/json' }),
      },
      ...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    const answer: unknown = text === '' ? null : JSON.parse(text);
    if (!response.ok) {
      const problem = answer as { code?: string; detail?: string };
      throw new ApiFailure(response.status, problem, response.headers.has('retry-after'));
    }
    return answer as T; // the caller names the shape that openapi.json documents
  };
}

/** Every item of a list that is paged by cursor. */
export async function listAll<T>(call: ApiClient, path: string): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const next = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page: { data: T[]; nextCursor: string | null } = await call(
      'GET',
      `${path}${path.includes('?') ? '&' : '?'}limit=100${next}`,
    );
    items.push(...page.data);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return items;
}
