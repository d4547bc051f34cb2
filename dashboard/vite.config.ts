import path from 'node:path';
import { defineConfig } from 'vite';

/** Where the API of this machine listens, for `npm run dashboard`. */
const API_URL = 'http://127.0.0.1:3000';
/** What the API puts a fresh nonce in place of, in each answer with the page. */
const NONCE = '__CSP_NONCE__';

export default defineConfig({
  root: import.meta.dirname,
  cacheDir: path.join(import.meta.dirname, '..', '.cache', 'vite'),
  html: { cspNonce: NONCE },
  build: {
    emptyOutDir: true,
    // What is in the page itself, as a data: address, would need a policy of its own.
    assetsInlineLimit: 0,
    target: 'es2022',
  },
  server: {
    host: '127.0.0.1',
    proxy: Object.fromEntries(['/v1', '/docs'].map((at) => [at, { target: API_URL, changeOrigin: false }])),
  },
});
