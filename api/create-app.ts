import { randomUUID } from 'node:crypto';
import type { RequestListener } from 'node:http';
import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from 'express';
import helmet from 'helmet';
import { allowOrigins } from './http/browser/cors.js';
import { compress } from './http/browser/compress.js';
import { mountDashboard } from './http/browser/dashboard.js';
import { createAnswerer, type Answerer, type Sendable } from './http/answer-request.js';
import { mountDocs } from './http/docs-page.js';
import { drain } from './http/drain.js';
import { ApiError } from './http/errors.js';
import { createFactWriter } from '../store/facts/create-fact-writer.js';
import type { Logger } from '../platform/logger.js';
import { shareConnections, type Pools } from '../store/pools.js';
import { openApiDocument } from './http/openapi.js';
import type { ApiDeps, Operation } from './http/operation.js';
import { toApiError, toProblem } from './http/problem.js';
import { operations } from './routes/all-operations.js';
import { sendLive } from './http/live/send-live.js';
import type { Hub } from './http/live/hub.js';
import { sendStream } from './http/send-stream.js';
import { createMailLimits } from './http/gate/mail-limits.js';
import { createRefusedSignIns } from './http/gate/refused-sign-ins.js';
import { createSignInLimits } from './http/gate/sign-in-limits.js';
import { createIdentityProvider } from './http/oidc/identity-provider.js';
import { createLater } from './http/places/later.js';

const REQUEST_ID = /^[A-Za-z0-9._-]{8,64}$/;
/** The docs page needs inline styles; everything comes from this address. */
const CONTENT_SECURITY = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", 'data:'],
  fontSrc: ["'self'", 'data:'],
  connectSrc: ["'self'"],
  baseUri: ["'none'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
};

type AppParts = { pools: Pools; wakes: Set<Promise<void>>; sessions: RequestHandler; hub: Hub };

/** The whole API as an Express app. Connects to nothing by itself. */
export function createApp(deps: ApiDeps, { pools, wakes, sessions, hub }: AppParts): RequestListener {
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('trust proxy', deps.config.trustProxy);
  app.use(helmet({ contentSecurityPolicy: { useDefaults: false, directives: CONTENT_SECURITY } }));
  app.use(identify);
  let document: string | null = null;
  const openApi = (): string => (document ??= JSON.stringify(openApiDocument(operations)));
  const sharedWith = deps.config.sharedRateLimits ? pools.control : null;
  const later = createLater(deps.logger, wakes);
  const { events } = shareConnections(deps.config.settings.databaseConnectionsMax);
  const answer = createAnswerer({
    ...deps,
    pools,
    recordFacts: createFactWriter(pools.events.pool, { aloneMax: Math.floor(events / 2) }),
    signIns: createSignInLimits(deps.config.settings, sharedWith),
    identityProvider: createIdentityProvider(deps.config, deps.sender),
    mailLimits: createMailLimits(sharedWith),
    refusedSignIns: createRefusedSignIns({ db: pools.control, later, sharedWith }),
    later,
    openApi,
    wakes,
    hub,
  });
  const mountAll = (some: readonly Operation[]): void =>
    some.forEach((operation) => mount(app, operation, { answer, logger: deps.logger }));
  // Most requests are events of calls, which no browser sends: they pass nothing that is there for others.
  mountAll(operations.filter(isForEvents));
  app.use(compress());
  if (deps.config.corsOrigins.length > 0) app.use('/v1', allowOrigins(deps.config.corsOrigins));
  app.use('/v1', sessions);
  mountDocs(app);
  if (deps.dashboardDir !== null) mountDashboard(app, deps.dashboardDir);
  mountAll(operations.filter((operation) => !isForEvents(operation)));
  for (const path of new Set(operations.map((operation) => operation.path))) mountOtherMethods(app, path);
  app.use((req: Request) => {
    throw new ApiError(
      'not_found',
      `There is nothing at ${req.method} ${req.path.slice(0, 100)}. See /docs for what there is.`,
    );
  });
  const respond = errorResponder(deps);
  app.use(respond);
  return (received, answered) => {
    // Express makes them its own.
    const [req, res] = [received as Request, answered as Response];
    app(req, res, (err: unknown) => {
      // An answer that has begun cannot be changed: it is cut off.
      if (res.headersSent) return void res.destroy();
      // Of an address that it cannot read Express calls no handler, and would answer in HTML.
      const thrown = err ?? new ApiError('bad_request', 'The address of the request could not be read.');
      identify(req, res, () => void respond(thrown, req, res, () => undefined));
    });
  };
}

const identify: RequestHandler = (req, res, next) => {
  const sent = req.get('x-request-id') ?? '';
  const requestId = REQUEST_ID.test(sent) ? sent : randomUUID();
  res.locals['requestId'] = requestId;
  res.set('X-Request-Id', requestId);
  next();
};

function isForEvents({ bodyKind }: Operation): boolean {
  return bodyKind === 'raw';
}

type Mounting = { answer: Answerer; logger: Logger };

function mount(app: Express, operation: Operation, { answer, logger }: Mounting): void {
  app[operation.method](expressPath(operation.path), async (req: Request, res: Response) => {
    res.locals['operation'] = operation;
    res.locals['startedMs'] = performance.now();
    await answer(operation, req, res, (given) => send(res, given));
    // Events and probes come without end: who looks for one of them asks for more in the log.
    const level = operation.role === null ? 'debug' : 'info';
    if (logger.isLevelEnabled(level))
      logger[level]({ ...factsOf(req, res), status: res.statusCode }, 'request answered');
  });
}

/** An id in a path; whatever else may stand there is a client's text, which is not logged. */
const PUBLIC_ID = /^[a-z]{2,4}_[0-9a-f]{32}$/;

/** What may be logged of every request: the path as it is documented, and its ids apart. */
function factsOf({ method, params = {} }: Request, { locals }: Response): Record<string, unknown> {
  const { requestId, operation, apiKeyId, startedMs } = locals as {
    requestId: string;
    operation?: Operation;
    apiKeyId?: string;
    startedMs?: number;
  };
  const ids = Object.entries(params).filter(([, value]) => typeof value === 'string' && PUBLIC_ID.test(value));
  return {
    requestId,
    operation: operation?.id,
    method,
    path: operation?.path,
    ...Object.fromEntries(ids),
    apiKeyId,
    durationMs: startedMs === undefined ? undefined : Math.round(performance.now() - startedMs),
  };
}

async function send(res: Response, { status, body, headers, text, stream, live }: Sendable): Promise<void> {
  res.status(status).set({ 'Cache-Control': 'no-store', ...headers });
  if (live) await sendLive(res, live);
  else if (stream) await sendStream(res, stream);
  else if (text) res.type(text.contentType).send(text.content);
  else if (body === undefined) res.end();
  else
    res
      .type(status >= 400 && isProblem(body) ? 'application/problem+json' : 'application/json')
      .send(JSON.stringify(body));
}

function isProblem(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'requestId' in body;
}

function mountOtherMethods(app: Express, path: string): void {
  const methods = operations
    .filter((operation) => operation.path === path)
    .map((operation) => operation.method.toUpperCase());
  const allowed = [...methods, ...(methods.includes('GET') ? ['HEAD'] : [])].join(', ');
  app.all(expressPath(path), (req: Request) => {
    throw new ApiError('method_not_allowed', `${req.method} is not allowed here. Allowed: ${allowed}.`, {
      headers: { Allow: allowed },
    });
  });
}

function expressPath(path: string): string {
  return path.replace(/\{(\w+)\}/g, ':$1');
}

/** The one place where errors are logged and told. A client's mistake is information; ours is an error, told in fixed words. */
function errorResponder({ logger }: ApiDeps): ErrorRequestHandler {
  return (thrown: unknown, req, res, _next) => {
    const err = toApiError(thrown);
    const requestId = res.locals['requestId'] as string;
    const facts = { ...factsOf(req, res), status: err.status, code: err.code, ...err.detail };
    const cause = err.cause ?? err;
    if (err.status >= 500) logger.error({ ...facts, err: cause }, 'request failed');
    else logger.info(facts, 'request refused');
    // Cut off, so that the client sees that the answer is not whole. Express would do that too, but print the error as it is.
    if (res.headersSent) return void req.socket.destroy();
    // A client that is still sending would never read the answer.
    void drain(req).then(() =>
      send(res, { status: err.status, body: toProblem(err, requestId), headers: err.headers }),
    );
  };
}
