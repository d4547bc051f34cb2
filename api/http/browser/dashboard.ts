import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import express, { type Express, type Request } from 'express';

/** What the build leaves in the page for the nonce of an answer. */
const NONCE = /__CSP_NONCE__/g;
const NONCE_BYTES = 16;
const ASSETS_KEPT = '1y';
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
export function mountDashboard(app: Express, dir: string): void {
  const file = path.join(dir, 'index.html');
  if (!existsSync(file)) return;
  const page = readFileSync(file, 'utf8');
  const { static: files } = express;
  app.use(
    '/assets',
    files(path.join(dir, 'assets'), { index: false, redirect: false, immutable: true, maxAge: ASSETS_KEPT }),
  );
  app.use(files(dir, { index: false, redirect: false, maxAge: '1h', extensions: false }));
  app.use((req, res, next) => {
    if (!isPage(req)) return next();
    const nonce = randomBytes(NONCE_BYTES).toString('base64');
    res.set({ 'Content-Security-Policy': policyFor(nonce), 'Cache-Control': 'no-store' });
    res.type('html').send(page.replace(NONCE, nonce));
  });
}

function isPage(req: Request): boolean {
  return ['GET', 'HEAD'].includes(req.method) && !NOT_PAGES.test(req.path) && req.accepts(['json', 'html']) === 'html';
}
