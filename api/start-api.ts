import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApp } from './create-app.js';
import type { ApiDeps } from './http/operation.js';

export type RunningApi = { url: string; port: number; stop(): Promise<void> };

/** Longer than a load balancer keeps idle connections, which would otherwise meet one that is just closing. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
const HEADERS_TIMEOUT_MS = 66_000;
/** A whole request, the largest upload over a slow line included. */
const REQUEST_TIMEOUT_MS = 600_000;
const STOP_TIMEOUT_MS = 10_000;

/** Listens on `config.apiHost` and `config.apiPort` (0 takes a free port). */
export async function startApi(deps: ApiDeps): Promise<RunningApi> {
  const wakes = new Set<Promise<void>>();
  const server = createServer(
    { keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS, headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS },
    createApp(deps, wakes),
  );
  server.listen(deps.config.apiPort, deps.config.apiHost);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const host = deps.config.apiHost.includes(':') ? `[${deps.config.apiHost}]` : deps.config.apiHost;
  return {
    url: `http://${host}:${port}`,
    port,
    /** Answers what was asked already, sends the signals that are under way, then closes. */
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      const timer = setTimeout(() => server.closeAllConnections(), STOP_TIMEOUT_MS);
      await closed;
      clearTimeout(timer);
      await Promise.all(wakes);
    },
  };
}
