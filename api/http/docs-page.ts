import { createRequire } from 'node:module';
import path from 'node:path';
import express, { type Express } from 'express';
import { ERRORS, type ErrorCode } from './error-table.js';

const PAGE = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Dialwright API</title>
<link rel="stylesheet" href="/docs/assets/swagger-ui.css"><link rel="icon" href="/docs/assets/favicon-32x32.png"></head>
<body><div id="docs"></div><script src="/docs/assets/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script></body>
</html>`;

/** `validatorUrl: null`: the page must call nobody. */
const START = `window.SwaggerUIBundle({ url: '/v1/openapi.json', dom_id: '#docs', deepLinking: true, validatorUrl: null, queryConfigEnabled: false });`;

/** The documentation, served from here alone. */
export function mountDocs(app: Express): void {
  const assets = path.dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  app.get('/docs', (_req, res) => void res.type('html').send(PAGE));
  app.get('/docs/start.js', (_req, res) => void res.type('js').send(START));
  app.get('/docs/errors', (_req, res) => void res.type('html').send(errorsPage()));
  app.use('/docs/assets', express.static(assets, { index: false, redirect: false, maxAge: '1h' }));
}

function errorsPage(): string {
  const rows = (Object.keys(ERRORS) as ErrorCode[]).map((code) => {
    const { status, title, retryable, advice } = ERRORS[code];
    return `<tr id="${code}"><td><code>${code}</code></td><td>${status}</td><td>${title}</td><td>${retryable ? 'yes' : 'no'}</td><td>${advice.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</td></tr>`;
  });
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Dialwright API errors</title>
<style>body{font:16px/1.5 system-ui;margin:2rem}td,th{text-align:left;padding:.3rem .8rem;vertical-align:top}:target{background:#fff3bf}</style></head>
<body><h1>Errors</h1><table><thead><tr><th>code</th><th>status</th><th>what it means</th><th>try again</th><th>what to do</th></tr></thead><tbody>${rows.join('')}</tbody></table></body></html>`;
}
