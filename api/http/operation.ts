import type { Client } from '@temporalio/client';
import type { Request } from 'express';
import type { z } from 'zod';
import type { IdKind } from '../../domain/ids.js';
import type { Caller } from '../../domain/people/actor.js';
import type { Role } from '../../domain/people/roles.js';
import type { Config } from '../../platform/config.js';
import type { Logger } from '../../platform/logger.js';
import type { Database } from '../../store/database.js';
import type { Pools } from '../../store/pools.js';
import type { AccountDirectory } from '../../telephony/provider-directory.js';
import type { Sender } from '../../telephony/send-request.js';
import type { BatchCounter } from '../../store/batches/create-batch-counter.js';
import { ERRORS, type ErrorCode } from './error-table.js';
import type { Hub } from './live/hub.js';
import type { FactWriter } from '../../store/facts/create-fact-writer.js';
import type { Later } from './places/later.js';
import type { Work } from './places/work.js';
import type { MailLimits } from './gate/mail-limits.js';
import type { RefusedSignIns } from './gate/refused-sign-ins.js';
import type { SignInLimits } from './gate/sign-in-limits.js';
import type { IdentityProvider } from './oidc/identity-provider.js';

/** What the API needs from its process. */
export type ApiDeps = {
  /** The connections for control; in a handler those for its work. */
  db: Database;
  temporal: { client: Client; namespace: string };
  logger: Logger;
  config: Config;
  providers: AccountDirectory;
  /** The one way to an address that a tenant gave. */
  sender: Sender;
  /** Where the built dashboard is; null: it is not served. */
  dashboardDir: string | null;
};

/**
 * Who asks: a key, or a member with a session. `actor`: how what is done is recorded. `secondFactor` is `wanted` where the
 * workspace requires one that the person has not. An identity provider's word is one.
 * `confirmedUntil`: of the session, null when its person has not shown for a while who it is.
 */
export type Auth = {
  workspaceId: string;
  role: Role;
  actor: Caller;
  apiKeyId: string | null;
  member: AskingMember | null;
};

type AskingMember = {
  memberId: string;
  personId: string;
  secondFactor: 'on' | 'off' | 'wanted';
  confirmedUntil: string | null;
};

/** The Idempotency-Key of a request, and what derives from it. */
export type Command = {
  /** `<workspace>/<key>/<time of its first use>`: makes a change that is repeated apply once. Null without a key. */
  id: string | null;
  /** The id of the row that this request creates: the same for every repetition. Null without a key. */
  newId(kind: IdKind): string | null;
};

/** What a handler gets: the same, and what the app makes of it once. */
export type RequestDeps = ApiDeps & {
  pools: Pools;
  counter: BatchCounter;
  recordFacts: FactWriter;
  signIns: SignInLimits;
  /** Null where this installation has none. */
  identityProvider: IdentityProvider | null;
  refusedSignIns: RefusedSignIns;
  mailLimits: MailLimits;
  later: Later;
  openApi(): string;
  /** What goes on after an answer: signals to runs, a second each, and what `later` has begun. */
  wakes: Set<Promise<void>>;
  hub: Hub;
};

export type Context<R extends Role | null, P, Q, B> = {
  auth: R extends null ? null : Auth;
  params: P;
  query: Q;
  body: B;
  deps: RequestDeps;
  req: Request;
  /** Aborted, with ClientGone, when the client has closed its connection before it was answered. */
  gone: AbortSignal;
  command: Command;
};

/**
 * A body that is sent as it comes. What is read from our database is made in turns; what comes from outside holds no place but
 * the download's own.
 */
export type Streamed = {
  contentType: string;
  chunks: AsyncIterable<string | Uint8Array>;
  isFromOutside?: true;
};

export type Answer = {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
  /** In place of a JSON body. */
  text?: { contentType: string; content: string };
  /** In place of a JSON body too: sent as it comes. */
  stream?: Streamed;
  /** In place of an end: events from when they were heard last. */
  live?: { heardAt: Date | null };
};

export type ResponseSpec = {
  description: string;
  schema?: z.ZodType;
  contentType?: string;
  /** Beside those that every answer has. */
  headers?: readonly ('Location' | 'ETag' | 'Accept-Ranges' | 'Content-Length' | 'Content-Range')[];
};
type BodyKind = 'json' | 'recipients' | 'multipart' | 'raw';

type OperationSpec<R extends Role | null, P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> = {
  id: string;
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** As in OpenAPI: `/v1/batches/{batchId}`. */
  path: string;
  summary: string;
  description: string;
  tag: string;
  /** The lowest role that may do it; null needs no key. */
  role: R;
  /**
   * What gives somebody access, or takes a protection away: with a session, only for a while after its person has shown who it
   * is. Always, or `when` something is asked for. Keys are for programs and show nothing.
   */
  confirmation?:
    | 'always'
    | {
        when: string;
        isNeeded(asked: WorkQuestion<R, z.output<P>, z.output<Q>, z.output<B>>): boolean | Promise<boolean>;
      };
  params?: P;
  query?: Q;
  /** How the body is read; `json` unless said otherwise. `recipients` is JSON with a long list, a `multipart` body an upload, a `raw` one a Buffer. */
  bodyKind?: BodyKind;
  body?: B;
  responses: Record<number, ResponseSpec>;
  /** The errors that its handler may answer with; what follows from role, params and body is added. */
  errors?: readonly ErrorCode[];
  /** `page` for a GET, else `control`, unless said otherwise: always, or by what is asked for. `deps.db` is then for control. */
  work?: Work | ((asked: WorkQuestion<R, z.output<P>, z.output<Q>, z.output<B>>) => Work | Promise<Work>);
  /** Fields of its answer that are kept nowhere: a repetition with the same Idempotency-Key shows null. */
  shownOnce?: readonly string[];
  /** Whether an If-Match is looked at: of what has a version. */
  takesIfMatch?: boolean;
  /** False for what is never answered with an error of the database. */
  usesDatabase?: boolean;
  handler(context: Context<R, z.output<P>, z.output<Q>, z.output<B>>): Promise<Answer>;
};

/** What is known of a request before it is carried out. */
type WorkQuestion<R extends Role | null, P, Q, B> = Pick<
  Context<R, P, Q, B>,
  'auth' | 'params' | 'query' | 'body' | 'deps'
>;

export type Asked = WorkQuestion<Role | null, unknown, unknown, unknown>;

/** One operation, with its types forgotten: what routing, validation and the OpenAPI document are made of. */
export type Operation = Omit<
  OperationSpec<Role | null, z.ZodType, z.ZodType, z.ZodType>,
  'handler' | 'bodyKind' | 'work' | 'confirmation'
> & {
  confirmation?: 'always' | { when: string; isNeeded(asked: Asked): boolean | Promise<boolean> };
  bodyKind: BodyKind | null;
  workOf(asked: Asked): Work | Promise<Work>;
  /** The kind of its work, where that is the same whatever is asked for. */
  usualWork: Work | null;
  errorCodes: readonly ErrorCode[];
  handler(context: Context<Role | null, unknown, unknown, unknown>): Promise<Answer>;
};

/** The tag of what belongs to a person, whatever the workspace wants of its members. */
export const OWN_SESSION = 'session';

/** Says everything about one operation, once. */
export function defineOperation<
  R extends Role | null,
  P extends z.ZodType = z.ZodUndefined,
  Q extends z.ZodType = z.ZodUndefined,
  B extends z.ZodType = z.ZodUndefined,
>(spec: OperationSpec<R, P, Q, B>): Operation {
  const bodyKind = spec.bodyKind ?? (spec.body ? 'json' : null);
  const { work = spec.method === 'get' ? 'page' : 'control' } = spec;
  const operation = { ...spec, bodyKind, work, workOf: typeof work === 'function' ? work : () => work };
  const usualWork = typeof work === 'string' ? work : null;
  // The cast forgets the handler's types: the router parses with the very schemas that they come from.
  return { ...operation, usualWork, errorCodes: errorCodesOf(operation) } as unknown as Operation;
}

type CodedParts = {
  method: string;
  tag: string;
  role: Role | null;
  params?: unknown;
  query?: unknown;
  bodyKind: BodyKind | null;
  work: unknown;
  takesIfMatch?: boolean;
  usesDatabase?: boolean;
  confirmation?: unknown;
  errors?: readonly ErrorCode[];
};

function errorCodesOf(operation: CodedParts): ErrorCode[] {
  const { method, tag, role, params, query, bodyKind, work, takesIfMatch, usesDatabase, confirmation, errors } =
    operation;
  const codes = new Set<ErrorCode>(errors);
  if (role !== null)
    for (const code of ['unauthorized', 'cross_site', 'too_many_requests', 'too_many_at_once'] as const)
      codes.add(code);
  if (role !== null && tag !== OWN_SESSION) codes.add('second_factor_required');
  if (confirmation) codes.add('confirmation_required');
  // What can be narrowed: a page of one thing cannot.
  // A download is cut off: its first line was sent.
  if (work === 'search' || (method === 'get' && query && work !== 'export')) codes.add('read_took_too_long');
  if (role === 'operator' || role === 'admin') codes.add('forbidden');
  if (params) codes.add('not_found');
  if (takesIfMatch) codes.add('precondition_failed');
  const isJson = bodyKind === 'json' || bodyKind === 'recipients';
  if (query || isJson) codes.add('validation_failed');
  if (isJson) for (const code of ['invalid_json', 'body_too_large', 'unsupported_media_type'] as const) codes.add(code);
  if (bodyKind === 'recipients') for (const code of ['too_many_recipients', 'too_many_lists'] as const) codes.add(code);
  if (method === 'post' && role !== null)
    for (const code of ['request_in_progress', 'idempotency_key_reused', 'validation_failed'] as const) codes.add(code);
  if (usesDatabase !== false) for (const code of ['internal_error', 'database_unavailable'] as const) codes.add(code);
  return [...codes].sort((a, b) => ERRORS[a].status - ERRORS[b].status);
}
