import { createBrowserRouter, Navigate } from 'react-router';
import { ErrorPage } from './ErrorPage.js';
import { Gate } from './Gate.js';
import { Loading } from './Loading.js';

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
        lazy: async () => ({ Component: (await import('../pages/batches/BatchesPage.js')).BatchesPage }),
      },
      {
        path: 'batches/:batchId',
        lazy: async () => ({ Component: (await import('../pages/batch/BatchPage.js')).BatchPage }),
      },
      { path: '*', lazy: async () => ({ Component: (await import('./NotFound.js')).NotFound }) },
    ],
  },
]);
