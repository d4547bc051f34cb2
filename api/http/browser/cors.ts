import type { RequestHandler } from 'express';
import { HEADERS } from '../document/response-headers.js';

const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE';
/** What a client of the API sends. No cookie: a page of another origin has a key, never a session. */
const SENT = [
  ...['Authorization', 'Content-Type', 'Idempotency-Key', 'If-Match', 'If-Range', 'Last-Event-ID', 'Range'],
  'X-Request-Id',
].join(', ');
/** Without it a page reads none but the plainest headers. */
const READABLE = Object.keys(HEADERS).join(', ');
/** How long a browser may remember the answer; Chromium takes two hours at most. */
const REMEMBERED_S = 7_200;

/**
 * Lets pages of the named origins call the API with a key. `Access-Control-Allow-Credentials` is never sent, so a browser
 * gives them no answer to a request with a cookie. Any other origin is answered as if this were not here.
 */
export function allowOrigins(origins: readonly string[]): RequestHandler {
  return (req, res, next) => {
    res.vary('Origin');
    const origin = req.get('origin');
    if (origin === undefined || !origins.includes(origin)) return next();
    res.set({ 'Access-Control-Allow-Origin': origin, 'Access-Control-Expose-Headers': READABLE });
    if (req.method !== 'OPTIONS' || req.get('access-control-request-method') === undefined) return next();
    res
      .status(204)
      .set({
        'Access-Control-Allow-Methods': METHODS,
        'Access-Control-Allow-Headers': SENT,
        'Access-Control-Max-Age': String(REMEMBERED_S),
      })
      .end();
  };
}
