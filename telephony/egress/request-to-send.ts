/** One request as it is sent to an address that a tenant gave. */
export type RequestToSend = {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  url: string;
  headers: Record<string, string>;
  body: string | null;
  /** `sendBeforeMs` is on the monotonic clock of `performance.now()`; without it only the time-out bounds the request. */
  limits: { sendBeforeMs?: number; requestTimeoutMs: number };
};
