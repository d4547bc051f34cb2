import { DialwrightError, problemOf } from './problem.js';

export type UploadOptions = {
  /** How the file is to be read: the query of `POST /v1/batches/{batchId}/imports`. */
  query?: Record<string, string | readonly string[]>;
  /** What columns are, by their exact headers; left out: what their headers say. */
  columns?: Readonly<Record<string, string>>;
  /** Bytes that were taken by the connection, of how many. */
  onProgress?: (sentBytes: number, totalBytes: number) => void;
  signal?: AbortSignal;
};

type Target = {
  method: 'POST' | 'PUT';
  url: string;
  headers: Record<string, string>;
  fetch: (request: Request) => Promise<Response>;
};

/**
 * Sends a file of recipients, and answers with its import. It is sent once: what fails on the way has made nothing that counts.
 * @throws DialwrightError when it is refused; what `fetch` throws when the connection is lost
 */
export async function upload<T>(
  { method, url, headers, fetch }: Target,
  file: { name: string; content: Blob },
  { query = {}, columns, onProgress = () => undefined, signal }: UploadOptions,
): Promise<T> {
  const to = new URL(url);
  for (const [name, values] of Object.entries(query))
    for (const value of [values].flat()) to.searchParams.append(name, value as string);
  const form = new FormData();
  if (columns) form.append('columns', JSON.stringify(columns));
  form.append('file', file.content, file.name);
  const sending = { method, to, headers, fetch, form, onProgress, ...(signal && { signal }) };
  const { status, body } = await (PageRequest ? sendByPage(PageRequest, sending) : sendStream(sending));
  if (status >= 300) throw new DialwrightError(problemOf(status, body));
  return body as T;
}

type Sending = {
  method: Target['method'];
  to: URL;
  headers: Record<string, string>;
  form: FormData;
  onProgress: (sentBytes: number, totalBytes: number) => void;
  signal?: AbortSignal;
  fetch: Target['fetch'];
};
type Sent = { status: number; body: unknown };

/** Outside browsers: the form as a stream, counted as it goes. */
async function sendStream({ method, to, headers, form, onProgress, signal, fetch }: Sending): Promise<Sent> {
  const whole = new Response(form);
  const type = whole.headers.get('content-type') ?? '';
  const content = await whole.blob();
  let sentBytes = 0;
  const counted = content.stream().pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, out) {
        out.enqueue(chunk);
        onProgress((sentBytes += chunk.byteLength), content.size);
      },
    }),
  );
  const init = {
    method,
    headers: { ...headers, 'Content-Type': type },
    body: counted,
    duplex: 'half' as const,
  };
  const res = await fetch(new Request(to, { ...init, ...(signal && { signal }) }));
  return { status: res.status, body: await res.json().catch(() => null) };
}

/** What a page has of it. */
type PageRequest = {
  status: number;
  responseText: string;
  upload: { onprogress: (event: { loaded: number; total: number }) => void };
  onload: () => void;
  onerror: () => void;
  onabort: () => void;
  open(method: string, url: string): void;
  setRequestHeader(name: string, value: string): void;
  send(form: FormData): void;
  abort(): void;
};
const { XMLHttpRequest: PageRequest } = globalThis as unknown as { XMLHttpRequest?: new () => PageRequest };

/** In a page: browsers tell how much of a body is sent by this only. */
function sendByPage(PageRequest: new () => PageRequest, sending: Sending): Promise<Sent> {
  const { method, to, headers, form, onProgress, signal } = sending;
  return new Promise((resolve, reject) => {
    const request = new PageRequest();
    request.open(method, to.href);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => onProgress(loaded, total);
    request.onload = () => resolve({ status: request.status, body: parsed(request.responseText) });
    request.onerror = () => reject(new TypeError('The connection was lost.'));
    request.onabort = () => reject(signal?.reason as Error);
    signal?.addEventListener('abort', () => request.abort(), { once: true });
    request.send(form);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
