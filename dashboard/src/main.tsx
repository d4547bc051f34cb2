import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { setNonce } from 'get-nonce';
import './app/zod-without-eval.js';
import './app/mantine-styles.js';
import '@mantine/notifications/styles.css';
import './app/app.css';
import { askForSession } from './api/queries.js';
import { App } from './app/App.js';

/** Styles that are made in the browser carry it: the policy of the page takes no others. */
const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
if (nonce) setNonce(nonce);

askForSession();
const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <App nonce={nonce} />
  </StrictMode>,
);
