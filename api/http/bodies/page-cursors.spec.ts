import { describe, expect, it } from '@jest/globals';
import { openCursorIn, sealCursorIn } from './page-cursors.js';

const LIST = { id: 'listBatches', params: { batchId: '0190a6f2-c8e8-4b4f-9d1e-2a3b4c5d6e7f' } };
const WRITTEN = 'WyIyMDI2LTAxLTAxIDAwOjAwOjAwKzAwIiwieCJd';
const { nextCursor: cursor } = sealCursorIn(LIST, { data: [], nextCursor: WRITTEN }) as { nextCursor: string };
const open = (text: string, list = LIST): unknown => openCursorIn(list, { cursor: text });

describe('a cursor', () => {
  it('is opened by the list that gave it', () => {
    expect(open(cursor)).toEqual({ cursor: WRITTEN });
  });

  it('that was changed in any place is refused', () => {
    for (const at of cursor.split('').keys())
      for (const char of ['A', 'B', '%', '\0'].filter((each) => each !== cursor[at]))
        expect(() => open(cursor.slice(0, at) + char + cursor.slice(at + 1))).toThrow('cursor');
  });

  it('that was cut or lengthened anywhere is refused', () => {
    for (const at of cursor.split('').keys()) {
      expect(() => open(cursor.slice(0, at))).toThrow('cursor');
      expect(() => open(`${cursor.slice(0, at)}A${cursor.slice(at)}`)).toThrow('cursor');
      if (at > 0) expect(() => open(cursor.slice(at))).toThrow('cursor');
    }
  });

  it('of another list, or of another thing, is refused', () => {
    expect(() => open(cursor, { ...LIST, id: 'listAgents' })).toThrow('cursor');
    expect(() => open(cursor, { ...LIST, params: { batchId: 'another' } })).toThrow('cursor');
  });
});
