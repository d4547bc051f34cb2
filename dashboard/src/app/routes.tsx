import type { ComponentType } from 'react';
import { createBrowserRouter, Navigate } from 'react-router';
import { loadCode } from '../api/lazy-part.js';
import { ErrorPage } from './ErrorPage.js';
import { Gate } from './Gate.js';
import { Loading } from './Loading.js';

const settingsRoutes = [
  { index: true, element: <Navigate to="/settings/workspace" replace /> },
  settings('workspace', async () => (await import('../pages/settings/WorkspaceSettings.js')).WorkspaceSettings),
  settings('numbers', async () => (await import('../pages/settings/numbers/NumbersSettings.js')).NumbersSettings),
  settings('agents', async () => (await import('../pages/settings/agents/AgentsSettings.js')).AgentsSettings),
  settings(
    'providers',
    async () => (await import('../pages/settings/providers/ProvidersSettings.js')).ProvidersSettings,
  ),
  settings('people', async () => (await import('../pages/settings/people/PeopleSettings.js')).PeopleSettings),
  settings('keys', async () => (await import('../pages/settings/keys/KeysSettings.js')).KeysSettings),
  settings('audit', async () => (await import('../pages/settings/audit/AuditSettings.js')).AuditSettings),
  settings('account', async () => (await import('../pages/settings/account/AccountSettings.js')).AccountSettings),
];

function settings(path: string, load: () => Promise<ComponentType>) {
  return { path, ...page(load) };
}

function page(load: () => Promise<ComponentType>) {
  return { lazy: async () => ({ Component: await loadCode(load) }) };
}

/** Every address of the dashboard. A page is loaded when it is opened first. */
export const router = createBrowserRouter([
  {
    element: <Gate />,
    errorElement: <ErrorPage />,
    hydrateFallbackElement: <Loading />,
    children: [
      { index: true, element: <Navigate to="/batches" replace /> },
      {
        path: 'batches',
        ...page(async () => (await import('../pages/batches/BatchesPage.js')).BatchesPage),
      },
      ...['batches/new', 'batches/:batchId/edit'].map((path) => ({
        path,
        ...page(async () => (await import('../pages/draft/DraftPage.js')).DraftPage),
      })),
      {
        path: 'batches/:batchId',
        ...page(async () => (await import('../pages/batch/BatchPage.js')).BatchPage),
      },
      { path: 'live', ...page(async () => (await import('../pages/live/LivePage.js')).LivePage) },
      { path: 'calls', ...page(async () => (await import('../pages/calls/CallsPage.js')).CallsPage) },
      {
        path: 'do-not-call',
        ...page(async () => (await import('../pages/suppressions/DoNotCallPage.js')).DoNotCallPage),
      },
      {
        path: 'settings',
        ...page(async () => (await import('../pages/settings/SettingsPage.js')).SettingsPage),
        children: settingsRoutes,
      },
      { path: '*', ...page(async () => (await import('./NotFound.js')).NotFound) },
    ],
  },
]);
