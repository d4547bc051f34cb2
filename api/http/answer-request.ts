import { createHash } from 'node:crypto';
import express, { type Request, type RequestHandler, type Response } from 'express';
import type { z } from 'zod';
import type { IdKind } from '../../domain/ids.js';
import { derivedId } from '../../store/derived-id.js';
import { authenticate } from './authenticate.js';
import { ApiError } from './errors.js';
import { answerOnce, readIdempotencyKey } from './once-only.js';
import type { Answer, Command, Context, Operation } from './operation.js';
import { toFieldErrors } from './problem.js';
import { receiveUpload, type Upload } from './receive-upload.js';

const RAW_BYTES_MAX = 1_048_576;
const NO_COMMAND: Command = { id: null, newId: () => null };

export type Answerer = (operation: Operation, req: Request, res: Response) => Promise<Answer>;

/** The steps that every request takes: key, body, schemas, idempotency, handler. */
export function createAnswerer(deps: Context<null, unknown, unknown, unknown>['deps']): Answerer {
  const readJson = jsonReader(deps.config.settings.jsonBytesMax);
  const readRaw = express.raw({ type: () => true, limit: RAW_BYTES_MAX });

  return async (operation, req, res) => {
    const auth = operation.role === null ? null : await authenticate(deps.db, req, operation.role);
    const key = operation.method === 'post' && auth ? readIdempotencyKey(req.get('idempotency-key')) : null;
    const params = parseParams(operation, req);
    const query = parse(operation.query, req.query, 'query');
    if (operation.bodyKind === 'json') await readJson(req, res);
    if (operation.bodyKind === 'raw') await run(readRaw, req, res);
    const upload = operation.bodyKind === 'multipart' ? await receiveUpload(req, deps.config.settings) : null;
    try {
      const body = upload ?? (operation.bodyKind === 'raw' ? req.body : parse(operation.body, req.body, 'body'));
      const handle = (command: Command) => operation.handler({ auth, params, query, body, deps, req, command });
      if (!auth || key === null) return await handle(NO_COMMAND);
      const request = {
        workspaceId: auth.workspaceId,
        key,
        operation: `POST ${req.path}`,
        bodyHash: bodyHashOf(req, upload),
        requestId: res.locals['requestId'] as string,
      };
      return await answerOnce(deps.db, request, (useId) => handle(commandOf(auth.workspaceId, `${key}/${useId}`)));
    } finally {
      await upload?.discard();
    }
  };
}

/** Reads a JSON body of any JSON type; no body is `undefined`. Keeps the hash of its bytes. */
function jsonReader(bytesMax: number): (req: Request, res: Response) => Promise<void> {
  const parser = express.json({
    limit: bytesMax,
    strict: false,
    verify: (req, _res, bytes) => Object.assign(req, { bodyHash: createHash('sha256').update(bytes).digest('hex') }),
  });
  return async (req, res) => {
    const hasBody = Number(req.headers['content-length'] ?? 0) > 0 || req.headers['transfer-encoding'] !== undefined;
    if (!hasBody) return;
    if (!req.is('application/json')) {
      throw new ApiError(
        'unsupported_media_type',
        `Send the body as application/json, not as '${(req.get('content-type') ?? 'nothing').slice(0, 60)}'.`,
      );
    }
    await run(parser, req, res);
  };
}

function run(middleware: RequestHandler, req: Request, res: Response): Promise<void> {
  return new Promise((resolve, reject) => {
    void middleware(req, res, (err?: unknown) => (err === undefined ? resolve() : reject(err as Error)));
  });
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
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more, see errors)` : '';
  throw new ApiError(
    'validation_failed',
    `The ${what} is not valid: ${first ? `${first.field}: ${first.message}` : ''}${more}`,
    { errors },
  );
}

function commandOf(workspaceId: string, use: string): Command {
  return { id: `${workspaceId}/${use}`, newId: (kind: IdKind) => derivedId(workspaceId, use, kind) };
}

/** Bytes, not meaning: a repetition sends the same bytes. An upload counts with its file's name and content. */
function bodyHashOf(req: Request, upload: Upload | null): string {
  const { bodyHash = '' } = req as { bodyHash?: string };
  const { search } = new URL(req.originalUrl, 'http://localhost');
  return createHash('sha256')
    .update(`${search}\n${upload?.fileName ?? ''}\n${upload?.sha256 ?? bodyHash}`)
    .digest('hex');
}
