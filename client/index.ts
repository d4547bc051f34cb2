/**
 * A client of the API for programs and pages, from the document of the API: what is sent and answered has its types.
 * `api` has every operation (`api.GET('/v1/batches')`); beside it stands what one request is not enough for.
 */
import createApi, { type Client } from 'openapi-fetch';
import { listen, type ListenOptions, type LiveEvent } from './events.js';
import type { components, paths } from './generated/schema.js';
import { RETRIES, retryingFetch, type Fetch, type RetryOptions } from './retrying-fetch.js';
import { upload, type UploadOptions } from './upload.js';

export { answered, everyOf } from './pages.js';
export { DialwrightError, type Problem } from './problem.js';
export type { components, paths } from './generated/schema.js';
export type { ListenOptions, LiveEvent } from './events.js';
export type { RetryOptions } from './retrying-fetch.js';
export type { UploadOptions } from './upload.js';

export type DialwrightOptions = {
  /** Where the API is: `https://calls.example.com`. */
  url: string;
  /** An API key. A page has none: its session's cookie goes with each request. */
  key?: string;
  /** How requests are sent again that got no answer; `{ triesMax: 1 }`: never. */
  retries?: Partial<RetryOptions>;
  /** What sends a request. */
  fetch?: Fetch;
};

export type Dialwright = {
  /** Each operation, by method and path. A POST has an Idempotency-Key by itself, so that sending it again does nothing twice. */
  api: Client<paths>;
  /** Sends a file of recipients for a draft. @throws DialwrightError */
  uploadRecipients(
    batchId: string,
    file: { name: string; content: Blob },
    options?: UploadOptions,
  ): Promise<components['schemas']['Import']>;
  /** Sends the file of an import again, to be read in another way: its rows replace those of the import. @throws DialwrightError */
  replaceFile(
    importId: string,
    file: { name: string; content: Blob },
    options?: UploadOptions,
  ): Promise<components['schemas']['Import']>;
  /** What changes, as it happens, over lost connections. @throws DialwrightError */
  listen(options?: ListenOptions): AsyncGenerator<LiveEvent, void, undefined>;
};

export function createDialwright({ url, key, retries, fetch = globalThis.fetch }: DialwrightOptions): Dialwright {
  const base = url.endsWith('/') ? url.slice(0, -1) : url;
  const headers: Record<string, string> = key === undefined ? {} : { Authorization: `Bearer ${key}` };
  return {
    api: createApi<paths>({ baseUrl: base, headers, fetch: retryingFetch(fetch, { ...RETRIES, ...retries }) }),
    uploadRecipients: (batchId, file, options = {}) =>
      upload({ method: 'POST', url: `${base}/v1/batches/${batchId}/imports`, headers, fetch }, file, options),
    replaceFile: (importId, file, options = {}) =>
      upload({ method: 'PUT', url: `${base}/v1/imports/${importId}/file`, headers, fetch }, file, options),
    listen: (options = {}) => listen({ fetch, url: `${base}/v1/events`, headers }, options),
  };
}
