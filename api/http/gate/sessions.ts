import { randomBytes } from 'node:crypto';
import { parse } from 'cookie';
import { unsign } from 'cookie-signature';
import type { NextFunction, Request, RequestHandler } from 'express';
import session, { type SessionData } from 'express-session';
import { CONFIRMED_FOR_MS } from '../../../domain/people/confirmation.js';
import { inTransaction, type Database, type Queryable } from '../../../store/database.js';
import {
  beginSession,
  createSessionStore,
  renewSession,
  switchWorkspace,
} from '../../../store/people/sessions/session-store.js';
import type { AskingMember } from '../../../store/people/members.js';
import type { Logger } from '../../../platform/logger.js';
import { ApiError } from '../errors.js';

declare module 'express-session' {
  interface SessionData {
    personId: string;
    /** The workspace in which the person works now. */
    workspaceId: string;
    signedInAt: string;
    /** When the person has last shown who it is: by signing in, or by a confirmation. */
    confirmedAt?: string;
    /** Of the person, at the sign-in. */
    epoch: number;
    /** Whether a code of the person's second factor was shown. */
    withSecondFactor?: boolean;
    /** Whether the identity provider has said who it is: how strictly that is asked is its business. */
    byProvider?: boolean;
    address: string | null;
    agent: string | null;
    /** The member that asks, as it was read with the session; null when there is none (any more). Kept nowhere. */
    asking?: AskingMember | null;
  }
}

const COOKIE = 'dialwright_session';
/** Where one is begun, as Express matches paths; everywhere else it is there already. */
const BEGINS_SESSION = /^\/(session|session\/oidc\/callback|links\/spend)\/?$/i;
/** Unused for so long, a session is over; and so long after the sign-in, whatever it is used for. */
const IDLE_MAX_MS = 12 * 3_600_000;
const LIFE_MAX_MS = 7 * 86_400_000;
/** Of a session's id, from a source that nobody can guess. */
const ID_BYTES = 24;

type SessionOptions = {
  db: Database;
  logger: Logger;
  secret: string;
  /** Whether browsers come by TLS, whatever the last proxy on their way says. */
  isPublicByTls: boolean;
};

/** Reads the session of a request that may have one. Nothing is written for who does not sign in. */
export function sessionsOf({ db, logger, secret, isPublicByTls }: SessionOptions): {
  handler: RequestHandler;
  close(): void;
} {
  const onError = (err: unknown): void => logger.warn({ err }, 'a session could not be read or written');
  const store = createSessionStore(db, { idleMaxMs: IDLE_MAX_MS, onError });
  const handler = session({
    store,
    secret,
    name: COOKIE,
    resave: false,
    saveUninitialized: false,
    // The cookie is given with an id alone: an answer that comes late would bring the id of before a renewal.
    rolling: false,
    unset: 'destroy',
    cookie: { httpOnly: true, sameSite: 'lax', secure: 'auto', maxAge: LIFE_MAX_MS, path: '/' },
  });
  return {
    // Events of calls and programs have none: they pay nothing for it.
    handler(req, res, next) {
      if (!mayHaveSession(req)) return next();
      // By what Express says of a request, the cookie is marked as one for TLS alone.
      if (isPublicByTls) Object.defineProperty(req, 'secure', { value: true });
      if (SAFE.includes(req.method) && !BEGINS_SESSION.test(req.path)) readOnly(req, next);
      else handler(req, res, next);
    },
    close: () => store.close(),
  };

  /** What only reads needs no more of its session than what it says: express-session would look thrice whether it has changed. */
  function readOnly(req: Request, next: NextFunction): void {
    const signed = parse(req.headers.cookie ?? '')[COOKIE];
    const sessionId = signed?.startsWith('s:') === true && unsign(signed.slice(2), secret);
    if (sessionId === false) return next();
    store.get(sessionId, (err, found) => {
      if (found) Object.assign(req, { sessionID: sessionId, session: found });
      next(err);
    });
  }
}

/** Mounted at /v1. Only `Bearer` brings a key: a proxy in front may ask for a password of its own, by `Basic`. */
function mayHaveSession({ headers, path }: Request): boolean {
  if (BEGINS_SESSION.test(path)) return true;
  return !/^Bearer\b/i.test(headers.authorization ?? '') && (headers.cookie?.includes(`${COOKIE}=`) ?? false);
}

export type SignedIn = {
  personId: string;
  workspaceId: string;
  epoch: number;
  withSecondFactor: boolean;
  byProvider: boolean;
};

/** Who has signed in; null for nobody, and for who did so too long ago. */
export function signedInOf({ session: found }: { session?: Request['session'] }): SignedIn | null {
  const { personId, workspaceId, signedInAt, epoch, withSecondFactor = false, byProvider = false } = found ?? {};
  if (!personId || !workspaceId || !signedInAt || epoch === undefined) return null;
  if (Date.parse(signedInAt) + LIFE_MAX_MS <= Date.now()) return null;
  return { personId, workspaceId, epoch, withSecondFactor, byProvider };
}

/** Until when a session is confirmed; null when it is not. */
export function confirmedUntilOf({ confirmedAt }: Pick<SessionData, 'confirmedAt'>): string | null {
  const untilMs = confirmedAt === undefined ? NaN : Date.parse(confirmedAt) + CONFIRMED_FOR_MS;
  return untilMs > Date.now() ? new Date(untilMs).toISOString() : null;
}

type Entered = Omit<SignedIn, 'byProvider'> & { by: 'password' | 'link' | 'oidc' };

/**
 * Begins a session under a new id, so that one that somebody has planted is of no use, and records it. @returns false when another
 * password was chosen meanwhile, or the person is out: there is no session then
 */
export async function signIn(db: Queryable, req: Request, { by, ...entered }: Entered): Promise<boolean> {
  const replacedId = req.sessionID || null;
  req.sessionStore.generate(req);
  const agent = req.get('user-agent')?.slice(0, 200) ?? null;
  const now = new Date().toISOString();
  const from = { address: req.ip ?? null, agent };
  Object.assign(req.session, { ...entered, byProvider: by === 'oidc', signedInAt: now, confirmedAt: now, ...from });
  const expiresAt = new Date(Date.now() + IDLE_MAX_MS);
  return beginSession(db, { sessionId: req.sessionID, replacedId, data: req.session, expiresAt, by });
}

/** Lets the session work in another workspace of its person. @throws ApiError unauthorized when it was ended meanwhile */
export async function workIn(db: Queryable, req: Request, workspaceId: string): Promise<void> {
  const switched = { sessionId: req.sessionID, workspaceId, from: req.ip ?? null };
  if (!(await switchWorkspace(db, switched))) throw wasEnded();
}

/** The person has shown again who it is: a renewal (`renew`). @throws ApiError unauthorized */
export async function noteConfirmation(db: Database, req: Request): Promise<void> {
  await renew(db, req, { change: { confirmedAt: new Date().toISOString() }, work: () => Promise.resolve() });
}

/** A code of the second factor was shown, by which `turnOn` turns it on: a renewal (`renew`). @throws ApiError unauthorized, and what `turnOn` throws */
export async function noteSecondFactor(
  db: Database,
  req: Request,
  turnOn: (tx: Queryable) => Promise<void>,
): Promise<void> {
  await renew(db, req, { change: { withSecondFactor: true }, work: turnOn });
}

type Renewal = { change?: Partial<SessionData>; work: (tx: Queryable) => Promise<void> };

/**
 * Does `work` and lets the session go on under a new id, both or neither. The id of before is over: who has stolen it is out.
 * @throws ApiError unauthorized when the session was ended, or renewed, meanwhile; and what `work` throws
 */
export async function renew(db: Database, req: Request, { change = {}, work }: Renewal): Promise<void> {
  const sessionId = randomBytes(ID_BYTES).toString('base64url');
  await inTransaction(db, async (tx) => {
    await work(tx);
    if (!(await renewSession(tx, { from: req.sessionID, to: sessionId, change }))) throw wasEnded();
  });
  const data = { ...(JSON.parse(JSON.stringify(req.session)) as SessionData), ...change };
  // The cookie goes by the id.
  req.sessionID = sessionId;
  req.sessionStore.createSession(req, data);
}

function wasEnded(): ApiError {
  return new ApiError('unauthorized', 'This session was ended. Sign in again.');
}

const SAFE = ['GET', 'HEAD'];

/**
 * A browser sends the cookie with what other sites make it ask for. So a request with a session, and a sign-in, must come from
 * our own pages: by fetch metadata, which every current browser sends and no page can forge; else by Origin. What reads may
 * also be typed into the address bar. @throws ApiError cross_site
 */
export function requireSameSite(req: Request): void {
  const site = req.get('sec-fetch-site');
  const origin = req.get('origin');
  const isRead = SAFE.includes(req.method);
  const isOwn =
    site === undefined
      ? origin === undefined
        ? isRead
        : origin === `${req.protocol}://${req.get('host') ?? ''}`
      : site === 'same-origin' || (site === 'none' && isRead);
  if (isOwn) return;
  throw new ApiError(
    'cross_site',
    'This came from another site. With a session, requests are taken from our own pages only.',
  );
}
