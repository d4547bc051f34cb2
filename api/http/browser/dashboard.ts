import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import type { Express, Request } from 'express';
import type { ServerResponse } from 'node:http';
import sirv from 'sirv';

/** What the build leaves in the page for the nonce of an answer. */
const NONCE = /__CSP_NONCE__/g;
const NONCE_BYTES = 16;
const YEAR_S = 31_536_000;
const HOUR_S = 3_600;
const FILE = /^\/(?:assets\/[\w.-]+|[\w-]+\.(?:js|svg))$/;
/** What is no page of the dashboard: the API answers there, in its own way. */
const NOT_PAGES = /^\/(?:v1|docs|healthz|readyz|assets)(?:\/|$)/;

/** Everything comes from this address. Styles that Mantine makes in the browser carry the nonce of the answer. */
function policyFor(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "media-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/**
 * Serves the built dashboard: its files, whose names change with what is in them, and its page for every address that a browser
 * opens and the API has nothing at. Without a build the pages are not there, and the API is as without this.
 */
export function mountDashboard(app: Express, at: string): void {
  if (!existsSync(path.join(at, 'index.html'))) return;
  // A build that comes later has other files: this process goes on with its own.
  const dir = realpathSync(at);
  const page = readFileSync(path.join(dir, 'index.html'), 'utf8');
  // Compressed when they were built. What lies in assets/ has another name as soon as it has another content.
  const files = sirv(dir, { brotli: true, gzip: true, etag: true, setHeaders });
  app.use((req, res, next) => (isFile(req) ? files(req, res, next) : next()));
  app.use((req, res, next) => {
    if (!isPage(req)) return next();
    const nonce = randomBytes(NONCE_BYTES).toString('base64');
    res.set({ 'Content-Security-Policy': policyFor(nonce), 'Cache-Control': 'no-store' });
    res.type('html').send(page.replace(NONCE, nonce));
  });
}

function isFile({ method, path: at }: Request): boolean {
  return ['GET', 'HEAD'].includes(method) && FILE.test(at);
}

function setHeaders(res: ServerResponse, at: string): void {
  const isNamedByContent = at.startsWith('/assets/');
  res.setHeader(
    'Cache-Control',
    isNamedByContent ? `public, max-age=${YEAR_S}, immutable` : `public, max-age=${HOUR_S}`,
  );
}

function isPage(req: Request): boolean {
  return ['GET', 'HEAD'].includes(req.method) && !NOT_PAGES.test(req.path) && req.accepts(['json', 'html']) === 'html';
}
