import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { IdKind } from '../../domain/ids.js';
import { countAndStore } from '../../store/batches/batch-counts.js';
import { createBatchCounter } from '../../store/batches/create-batch-counter.js';
import type { Database } from '../../store/database.js';
import type { Pools } from '../../store/pools.js';
import { derivedId } from '../../store/derived-id.js';
import { createGate } from './gate/gate.js';
import { recordDownload } from './gate/record-asked.js';
import { openCursorIn, sealCursorIn, type CursorScope } from './bodies/page-cursors.js';
import { queryOf } from './bodies/query-of.js';
import { createBodyReader, NO_BODY, type Body } from './bodies/read-body.js';
import { ApiError, ClientGone } from './errors.js';
import type { Hub } from './live/hub.js';
import type { Live } from './live/send-live.js';
import { inTurns, type Turns } from './places/in-turns.js';
import { answerOnce, readIdempotencyKey } from './once-only.js';
import type { Answer, Asked, Auth, Command, Operation, RequestDeps } from './operation.js';
import { countMistakes, toFieldErrors } from './problem.js';
import { receiveUpload, type Upload } from './receive-upload.js';
import { createPlaceTaker, PURPOSE_OF } from './places/work.js';

const NO_COMMAND: Command = { id: null, newId: () => null };
/** Counting again, for no workspace alone. */
const OURSELVES = { workspaceId: 'ours', gone: new AbortController().signal };
const QUERY_CANCELED = '57014';

/** An answer as it is sent. */
export type Sendable = Omit<Answer, 'live'> & { live?: Live };
type Send = (answer: Sendable) => Promise<void>;
/** A request, and where its answer goes. `stillIn`: whether who asks may do so still. @throws ApiError */
type Exchange = { req: Request; res: Response; send: Send; gone: AbortSignal; stillIn(asked: Asked): Promise<void> };

export type Answerer = (operation: Operation, req: Request, res: Response, send: Send) => Promise<void>;

/**
 * The steps that every request takes: key, body, schemas, a place for its work, idempotency, handler. The answer is sent by
 * `send` before the place is given back: a download works until its end.
 */
export function createAnswerer(deps: Omit<RequestDeps, 'counter'>): Answerer {
  const { pools } = deps;
  const read = createBodyReader(deps.config.settings);
  const atPlace = createPlaceTaker(deps.config.settings);
  const countLater = (batchIds: readonly string[]): Promise<unknown> =>
    atPlace('search', OURSELVES, () => countAndStore(pools.search.pool, batchIds));
  const depsFor = depsByPurpose(deps, countLater);
  const gate = createGate(pools.control, deps.config);

  return async (operation, req, res, send) => {
    const exchange = { req, res, send, gone: signalWhenGone(res), stillIn: () => Promise.resolve() };
    if (operation.role === null) return answer(operation, null, exchange);
    await gate.pass({ ...operation, role: operation.role }, exchange, (auth, stillIn) =>
      answer(operation, auth, { ...exchange, stillIn }),
    );
  };

  async function answer(operation: Operation, auth: Auth | null, exchange: Exchange): Promise<void> {
    const { req, res, send, gone, stillIn } = exchange;
    const key = operation.method === 'post' && auth ? readIdempotencyKey(req.get('idempotency-key')) : null;
    const params = parseParams(operation, req);
    const list = { id: operation.id, params };
    const query = openCursorIn(list, parse(operation.query, req.query, 'query'));
    if (operation.bodyKind !== 'multipart' || !auth) {
      const sent = await readBody(operation, auth, req, res);
      try {
        return await handleAtPlace(sent, null);
      } finally {
        sent.end();
      }
    }
    return atPlace('upload', { workspaceId: auth.workspaceId, gone }, async () => {
      const upload = await receiveUpload(req, deps.config.settings, gone);
      try {
        await handleAtPlace(NO_BODY, upload);
      } finally {
        await upload.discard();
      }
    });

    async function handleAtPlace(sent: Body, upload: Upload | null): Promise<void> {
      const body = upload ?? bodyOf(operation, list, sent);
      const asked = { auth, params, query, body, deps: depsFor.control };
      const work = await operation.workOf(asked);
      const handle = (command: Command): Promise<Answer> =>
        finish(operation, list, operation.handler({ ...asked, deps: depsFor[PURPOSE_OF[work]], req, gone, command }));
      if (!auth) return send(withoutLive(await handle(NO_COMMAND)));
      const owner = { workspaceId: auth.workspaceId, gone };
      await atPlace(work, owner, async () => {
        await stillIn(asked);
        const askedAtMs = performance.now();
        const requestId = res.locals['requestId'] as string;
        const bodyHash = bodyHashOf(req, sent, upload);
        const request = { key, path: req.path, bodyHash, requestId, shownOnce: operation.shownOnce ?? [] };
        const answer = await once(pools.control, auth, request, handle);
        if (answer.stream && req.method !== 'HEAD')
          await recordDownload(pools.control.pool, auth, { operation: operation.id, params });
        // What comes from outside takes nothing that others wait for.
        const turn: Turns['turn'] = (make) => (answer.stream?.isFromOutside ? make() : atPlace('search', owner, make));
        const turns = { turn, stillIn: () => stillIn(asked), askedAtMs };
        await send(await sendableOf(answer, { ...owner, auth, hub: deps.hub, turns }));
      });
    }
  }

  function readBody({ bodyKind }: Operation, auth: Auth | null, req: Request, res: Response): Promise<Body> {
    if (bodyKind === 'json') return read.json(req, res);
    if (bodyKind === 'recipients' && auth) return read.recipients(req, res, auth.workspaceId);
    return bodyKind === 'raw' ? read.raw(req, res) : Promise.resolve(NO_BODY);
  }
}

type CountLater = (batchIds: readonly string[]) => Promise<unknown>;

/** The same for each kind of work, with the connections for it. */
function depsByPurpose(deps: Omit<RequestDeps, 'counter'>, countLater: CountLater) {
  const all = Object.entries(deps.pools).map(([purpose, db]) => {
    return [purpose, { ...deps, db, counter: createBatchCounter(db, countLater) }];
  });
  return Object.fromEntries(all) as Record<keyof Pools, RequestDeps>;
}

type Sending = { workspaceId: string; auth: Auth; hub: Hub; turns: Turns };

/** An answer, for as long as who asked may have it. */
async function sendableOf({ stream, live, ...answer }: Answer, sending: Sending): Promise<Sendable> {
  const { workspaceId, auth, hub, turns } = sending;
  const personId = auth.member?.personId ?? null;
  if (live) return { ...answer, live: { ...live, workspaceId, personId, stillIn: turns.stillIn, hub } };
  return stream ? { ...answer, stream: { ...stream, chunks: await inTurns(stream.chunks, turns) } } : answer;
}

/** Nobody listens without having signed in. */
function withoutLive({ live: _live, ...answer }: Answer): Sendable {
  return answer;
}

type OnceRequest = {
  key: string | null;
  path: string;
  bodyHash: string;
  requestId: string;
  shownOnce: readonly string[];
};

function once(
  db: Database,
  { workspaceId }: Auth,
  request: OnceRequest,
  handle: (command: Command) => Promise<Answer>,
): Promise<Answer> {
  const { key, path, bodyHash, requestId, shownOnce } = request;
  if (key === null) return handle(NO_COMMAND);
  const toKeep = (body: unknown): unknown => withoutShownOnce(body, shownOnce);
  const keyed = { workspaceId, key, operation: `POST ${path}`, bodyHash, requestId, toKeep };
  return answerOnce(db, keyed, (useId) => handle(commandOf(workspaceId, `${key}/${useId}`)));
}

function withoutShownOnce(body: unknown, fields: readonly string[]): unknown {
  if (typeof body !== 'object' || body === null) return body;
  return { ...body, ...Object.fromEntries(fields.filter((field) => field in body).map((field) => [field, null])) };
}

function signalWhenGone(res: Response): AbortSignal {
  const gone = new AbortController();
  res.once('close', () => {
    if (!res.writableFinished) gone.abort(new ClientGone());
  });
  return gone.signal;
}

function bodyOf({ bodyKind, body }: Operation, list: CursorScope, { value }: Body): unknown {
  return bodyKind === 'raw' ? value : openCursorIn(list, parse(body, value, 'body'));
}

/** What a handler answers, as the client gets it. */
async function finish(operation: Operation, list: CursorScope, handling: Promise<Answer>): Promise<Answer> {
  try {
    const answer = await handling;
    return { ...answer, body: sealCursorIn(list, answer.body) };
  } catch (err) {
    throw tellTooLong(operation, err);
  }
}

/** Reading that PostgreSQL has ended can be narrowed where the operation says so; of what else it is, the database is busy. */
function tellTooLong({ errorCodes }: Operation, err: unknown): unknown {
  const isTooLong = (err as { code?: unknown } | null)?.code === QUERY_CANCELED;
  if (!isTooLong || !errorCodes.includes('read_took_too_long')) return err;
  const message =
    'Reading took too long and was ended. Narrow it: a whole number or id, a longer text, a status, fewer days, a smaller page.';
  return new ApiError('read_took_too_long', message, { cause: err });
}

/** An id of the wrong kind names nothing: that is 404, like an id of another workspace. */
function parseParams({ params, path }: Operation, req: Request): unknown {
  if (!params) return undefined;
  const result = params.safeParse(req.params);
  if (result.success) return result.data;
  throw new ApiError(
    'not_found',
    `There is nothing at ${path} with this id: ${result.error.issues[0]?.message ?? ''}.`,
  );
}

function parse(schema: z.ZodType | undefined, value: unknown, what: 'query' | 'body'): unknown {
  if (!schema) return undefined;
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  const errors = toFieldErrors(result.error);
  const [first] = errors;
  const count = countMistakes(result.error);
  const more = count > 1 ? ` (and ${count - 1} more, see errors)` : '';
  throw new ApiError(
    'validation_failed',
    `The ${what} is not valid: ${first ? `${first.field}: ${first.message}` : ''}${more}`,
    { errors },
  );
}

function commandOf(workspaceId: string, use: string): Command {
  return { id: `${workspaceId}/${use}`, newId: (kind: IdKind) => derivedId(workspaceId, use, kind) };
}

/** Bytes, not meaning: a repetition sends the same bytes. An upload counts with its file's name and content, and what it says of columns. */
function bodyHashOf(req: Request, sent: Body, upload: Upload | null): string {
  return createHash('sha256')
    .update(
      `${queryOf(req)}\n${upload?.fileName ?? ''}\n${upload?.sha256 ?? sent.hash}${upload?.columns == null ? '' : `\n${upload.columns}`}`,
    )
    .digest('hex');
}
