import { z } from 'zod';
import { createPause } from '../../platform/pause.js';
import { ApiError } from './errors.js';

const LIMIT_DEFAULT = 50;
const LIMIT_MAX = 200;
/** Query parameters of every list. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(LIMIT_MAX).default(LIMIT_DEFAULT),
  cursor: z.string().max(500).optional().meta({ description: '`nextCursor` of the page before; opaque' }),
};
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ data: z.array(item), nextCursor: z.string().nullable() });
}

/** Opaque to clients: the key of the last row of a page. */
export function writeCursor(values: readonly string[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url');
}

/** What a part of a cursor looks like: a pattern, or what checks more than the looks. */
type CursorPart = { test(text: string): boolean };

/** @throws ApiError when it is not a cursor of ours. Each part must be what it should, since it goes into a query. */
export function readCursor(cursor: string | undefined, parts: readonly CursorPart[]): string[] | null {
  if (cursor === undefined) return null;
  try {
    const values: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (
      Array.isArray(values) &&
      values.length === parts.length &&
      parts.every((part, index) => typeof values[index] === 'string' && part.test(values[index]))
    ) {
      return values as string[];
    }
  } catch {
    // Not JSON: told below, like every other text that is no cursor.
  }
  throw notACursor();
}

export function notACursor(): ApiError {
  const message = 'the cursor is not one that this list gave; leave it out to begin at the start';
  return new ApiError('validation_failed', `cursor: ${message}.`, {
    errors: [{ field: 'cursor', code: 'invalid', message }],
  });
}
/** Where a list of plain rows goes on: the time and the id of a row. @throws ApiError when it is not a cursor of ours */
export function readRowCursor(cursor: string | undefined): { createdAt: Date; id: string } | null {
  const values = readCursor(cursor, [CURSOR_INSTANT, CURSOR_UUID]);
  if (!values) return null;
  return { createdAt: new Date(values[0]!), id: values[1]! }; // readCursor has counted them
}

const instant = z.iso.datetime({ offset: true });
const CURSOR_INSTANT: CursorPart = {
  test: (text) => /^(?!0000).{23}Z$/.test(text) && instant.safeParse(text).success,
};
/** As PostgreSQL writes it: the shape alone would let through a day, or an offset, that it does not read. */
export const CURSOR_TIME: CursorPart = {
  test(text) {
    const [, day, time, hours, minutes = ':00'] = DATABASE_TIME.exec(text) ?? [];
    return day !== undefined && instant.safeParse(`${day}T${time}${hours}${minutes}`).success;
  },
};
const DATABASE_TIME = /^((?!0000)\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d{1,6})?)([+-](?:0\d|1[0-5]))(:\d\d)?$/;
export const CURSOR_UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
export const CURSOR_NUMBER = /^\d{1,15}$/;
export const CURSOR_WORD = /^[A-Z_]{1,20}$/;

/** The page that was asked for, from one row more than it holds. */
export function toPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  view: (row: Row) => Item,
  cursorOf: (row: Row) => string[],
) {
  const page = rows.slice(0, limit);
  return { data: page.map(view), nextCursor: nextCursorOf(rows, limit, cursorOf) };
}

/** The same, for views that may take milliseconds each: other requests are served in between. */
export async function toPageInSlices<Row, Item>(
  rows: readonly Row[],
  limit: number,
  view: (row: Row) => Promise<Item>,
  cursorOf: (row: Row) => string[],
) {
  const pause = createPause();
  const data: Item[] = [];
  for (const row of rows.slice(0, limit)) {
    data.push(await view(row));
    await pause();
  }
  return { data, nextCursor: nextCursorOf(rows, limit, cursorOf) };
}

function nextCursorOf<Row>(rows: readonly Row[], limit: number, cursorOf: (row: Row) => string[]): string | null {
  const last = rows[limit - 1];
  return rows.length > limit && last !== undefined ? writeCursor(cursorOf(last)) : null;
}
