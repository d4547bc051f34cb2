import { createHash } from 'node:crypto';
import { notACursor } from '../paging.js';

/** The list that a cursor is of: its operation, and the things that its path names. */
export type CursorScope = { id: string; params: unknown };

/** So many bits tell a cursor that was changed, cut or taken from another list. */
const SEAL_BYTES = 9;
/** In base64url. */
const SEAL_LENGTH = (SEAL_BYTES * 4) / 3;

/** What was asked for, its cursor as the handler has written it. @throws ApiError when it is not one of this list */
export function openCursorIn<T>(scope: CursorScope, asked: T): T {
  if (!hasText(asked, 'cursor')) return asked;
  const { cursor } = asked;
  const opened = cursor.slice(SEAL_LENGTH);
  if (sealCursor(scope, opened) !== cursor) throw notACursor();
  return { ...asked, cursor: opened };
}

/** The answer, its `nextCursor` as the client gets it. */
export function sealCursorIn(scope: CursorScope, body: unknown): unknown {
  return hasText(body, 'nextCursor') ? { ...body, nextCursor: sealCursor(scope, body.nextCursor) } : body;
}

/** A checksum, not a signature: it finds mistakes. Whoever makes one finds that each part is looked at all the same. */
export function sealCursor({ id, params }: CursorScope, cursor: string): string {
  const sum = createHash('sha256')
    .update(JSON.stringify([id, params, cursor]))
    .digest();
  return `${sum.subarray(0, SEAL_BYTES).toString('base64url')}${cursor}`;
}

function hasText<K extends string>(value: unknown, name: K): value is Record<K, string> {
  return typeof value === 'object' && value !== null && name in value && typeof value[name as never] === 'string';
}
