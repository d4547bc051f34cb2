import { createBrowserRouter, Navigate } from 'react-router';
import { ErrorPage } from './ErrorPage.js';
import { Gate } from './Gate.js';

/** Every address of the dashboard. A page is loaded when it is opened first. */
export const router = createBrowserRouter([
  {
    element: <Gate />,
    errorElement: <ErrorPage />,
    children: [
      { index: true, element: <Navigate to="/batches" replace /> },
      {
        path: 'batches',
        lazy: async () => ({ Component: (await import('../pages/batches/BatchesPage.js')).BatchesPage }),
      },
      ...['batches/new', 'batches/:batchId/edit'].map((path) => ({
        path,
        lazy: async () => ({ Component: (await import('../pages/draft/DraftPage.js')).DraftPage }),
      })),
      {
        path: 'batches/:batchId',
        lazy: async () => ({ Component: (await import('../pages/batch/BatchPage.js')).BatchPage }),
      },
      { path: '*', lazy: async () => ({ Component: (await import('./NotFound.js')).NotFound }) },
    ],
  },
]);
