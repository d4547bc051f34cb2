import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startLoop } from '../platform/loop.js';
import { StartError } from '../platform/start-error.js';
import { takeWebhooks } from '../store/webhooks/webhook-gaps.js';
import { createApp } from './create-app.js';
import type { ApiDeps } from './http/operation.js';
import type { Database } from '../store/database.js';
import { listen } from '../store/listen.js';
import { openPools, type Pools } from '../store/pools.js';
import { createHub, type Hub } from './http/live/hub.js';
import { createLiveReader } from './views/live-view.js';
import { sessionsOf } from './http/gate/sessions.js';

export type RunningApi = { url: string; port: number; stop(): Promise<void> };

/** What an API says at its start that is reached by https, while it speaks http itself and believes no proxy. */
export const NO_PROXY_TRUSTED =
  'DIALWRIGHT_PUBLIC_URL is https, and no proxy is trusted: every client has the address of the proxy, in limits and in the audit. Set DIALWRIGHT_TRUST_PROXY';

/** Longer than a load balancer keeps idle connections, which would otherwise meet one that is just closing. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
const HEADERS_TIMEOUT_MS = 66_000;
/** A whole request, the largest upload over a slow line included. */
const REQUEST_TIMEOUT_MS = 600_000;
const STOP_TIMEOUT_MS = 10_000;
/** How often a process says that it takes webhooks, and how long none may have said so before some were missed. */
const HEARTBEAT_MS = 1_000;
const WEBHOOK_GAP_MS = 2_500;

/**
 * Listens on `config.apiHost` and `config.apiPort` (0 takes a free port), and says so in the database: after a time in which
 * no API process took webhooks, live calls are looked up at once. `deps.db` is for control; the pools for other work are opened
 * here.
 */
export async function startApi(deps: ApiDeps): Promise<RunningApi> {
  const wakes = new Set<Promise<void>>();
  const { databaseConnectionsMax, readTimeoutMs } = deps.config.settings;
  const opened = openPools(deps.db, {
    connectionsMax: databaseConnectionsMax,
    readTimeoutMs,
    onError: (err) => deps.logger.warn({ err }, 'a database connection was lost'),
  });
  // The first query of a process makes Prisma load its compiler, which holds everybody else up: before they come.
  const warmUp = ({ prisma }: Database) => prisma.workspace.findFirst({ select: { id: true } }).catch(() => null);
  await Promise.all(Object.values(opened.pools).map(warmUp));
  const isPublicByTls = deps.config.publicUrl?.startsWith('https:') ?? false;
  if (isPublicByTls && deps.config.trustProxy === false) deps.logger.warn(NO_PROXY_TRUSTED);
  const sessions = sessionsOf({
    db: opened.pools.control,
    logger: deps.logger,
    secret: deps.config.secretBox.derive('sessions'),
    isPublicByTls,
  });
  const hub = hubOf(deps, opened.pools);
  const app = createApp(deps, { pools: opened.pools, wakes, sessions: sessions.handler, hub });
  const answering = new Set<ServerResponse>();
  let isStopping = false;
  const server = createServer(
    { keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS, headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS },
    (req, res) => {
      answering.add(res);
      res.once('close', () => {
        answering.delete(res);
        if (isStopping) setImmediate(() => server.closeIdleConnections());
      });
      if (isStopping) res.setHeader('Connection', 'close');
      app(req, res);
    },
  );
  server.listen(deps.config.apiPort, deps.config.apiHost);
  await once(server, 'listening').catch((err: unknown) => {
    throw whyNotListening(err, deps.config);
  });
  const heartbeat = startLoop(HEARTBEAT_MS, sayThatWebhooksAreTaken, (err) =>
    deps.logger.warn({ err }, 'could not say that webhooks are taken; it will be tried again'),
  );
  const { port } = server.address() as AddressInfo;
  const host = deps.config.apiHost.includes(':') ? `[${deps.config.apiHost}]` : deps.config.apiHost;
  return {
    url: `http://${host}:${port}`,
    port,
    /**
     * Refuses new connections at once, so that another API process is tried. Answers what was asked already, sends the
     * signals that are under way, then closes.
     */
    async stop() {
      isStopping = true;
      const closed = once(server, 'close');
      server.close();
      server.closeIdleConnections();
      // A connection that is kept open would bring one request after the other.
      for (const res of answering) if (!res.headersSent) res.setHeader('Connection', 'close');
      const timer = setTimeout(() => server.closeAllConnections(), STOP_TIMEOUT_MS);
      await Promise.all([closed, heartbeat.stop(), hub.stop()]);
      clearTimeout(timer);
      await Promise.all(wakes);
      sessions.close();
      await opened.close();
    },
  };

  async function sayThatWebhooksAreTaken(): Promise<void> {
    const gapMs = await takeWebhooks(deps.db.pool, WEBHOOK_GAP_MS);
    if (gapMs !== null) deps.logger.warn({ gapMs }, 'no API process took webhooks; live calls are looked up now');
  }
}

function hubOf({ db, logger }: ApiDeps, pools: Pools): Hub {
  const report = (err: unknown): void => logger.warn({ err }, 'what has changed could not be told to who listens');
  return createHub({
    db: pools.page.pool,
    listen: () => listen(db.url, 'dialwright_changes', report),
    read: createLiveReader(pools),
    report,
  });
}

function whyNotListening(err: unknown, { apiHost, apiPort }: ApiDeps['config']): unknown {
  const { code } = err as { code?: unknown };
  if (code === 'EADDRINUSE')
    return new StartError(
      `Port ${apiPort} of ${apiHost} is taken: stop what listens there, or set DIALWRIGHT_API_PORT.`,
    );
  if (code === 'EACCES')
    return new StartError(`Port ${apiPort} may not be listened on by this user: set DIALWRIGHT_API_PORT above 1023.`);
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return new StartError(`${apiHost} is no address of this machine: set DIALWRIGHT_API_HOST to one, or to 0.0.0.0.`);
  return err;
}
