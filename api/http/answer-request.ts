import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import type { z } from 'zod';
import type { IdKind } from '../../domain/ids.js';
import { derivedId } from '../../store/derived-id.js';
import { authenticate } from './authenticate.js';
import { createBodyReader, NO_BODY, type Body } from './bodies/read-body.js';
import { ApiError } from './errors.js';
import { answerOnce, readIdempotencyKey } from './once-only.js';
import type { Answer, Auth, Command, Context, Operation } from './operation.js';
import { countMistakes, toFieldErrors } from './problem.js';
import { receiveUpload, type Upload } from './receive-upload.js';

const NO_COMMAND: Command = { id: null, newId: () => null };

export type Answerer = (operation: Operation, req: Request, res: Response) => Promise<Answer>;

/** The steps that every request takes: key, body, schemas, idempotency, handler. */
export function createAnswerer(deps: Context<null, unknown, unknown, unknown>['deps']): Answerer {
  const read = createBodyReader(deps.config.settings);

  return async (operation, req, res) => {
    const auth = operation.role === null ? null : await authenticate(deps.db, req, operation.role);
    const key = operation.method === 'post' && auth ? readIdempotencyKey(req.get('idempotency-key')) : null;
    const params = parseParams(operation, req);
    const query = parse(operation.query, req.query, 'query');
    const sent = await readBody(operation, auth, req, res);
    const upload = operation.bodyKind === 'multipart' ? await receiveUpload(req, deps.config.settings) : null;
    try {
      const body = upload ?? (operation.bodyKind === 'raw' ? sent.value : parse(operation.body, sent.value, 'body'));
      const handle = (command: Command) => operation.handler({ auth, params, query, body, deps, req, command });
      if (!auth || key === null) return await handle(NO_COMMAND);
      const request = {
        workspaceId: auth.workspaceId,
        key,
        operation: `POST ${req.path}`,
        bodyHash: bodyHashOf(req, sent, upload),
        requestId: res.locals['requestId'] as string,
      };
      return await answerOnce(deps.db, request, (useId) => handle(commandOf(auth.workspaceId, `${key}/${useId}`)));
    } finally {
      sent.end();
      await upload?.discard();
    }
  };

  function readBody({ bodyKind }: Operation, auth: Auth | null, req: Request, res: Response): Promise<Body> {
    if (bodyKind === 'json') return read.json(req, res);
    if (bodyKind === 'recipients' && auth) return read.recipients(req, res, auth.workspaceId);
    return bodyKind === 'raw' ? read.raw(req, res) : Promise.resolve(NO_BODY);
  }
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

/** Bytes, not meaning: a repetition sends the same bytes. An upload counts with its file's name and content. */
function bodyHashOf(req: Request, sent: Body, upload: Upload | null): string {
  const { search } = new URL(req.originalUrl, 'http://localhost');
  return createHash('sha256')
    .update(`${search}\n${upload?.fileName ?? ''}\n${upload?.sha256 ?? sent.hash}`)
    .digest('hex');
}
