import { holdRows } from './held-rows.js';

/** "a1 b2": rows by id and status. */
const rows = (text: string) =>
  text
    .split(' ')
    .filter(Boolean)
    .map(([id = '', status = '']) => ({ id, status }));
const written = (list: readonly { id: string; status: string }[]): string =>
  list.map(({ id, status }) => id + status).join(' ');

describe('rows that are held', () => {
  it.each([
    ['nothing has changed', 'a1 b1', 'a1 b1', 'a1 b1', 0],
    ['one has gone', 'a1 b1 c1', 'a1 c1', 'a1 b1 c1', 1],
    ['one has come between them', 'a1 c1', 'a1 b1 c1', 'a1 c1', 1],
    ['one stands elsewhere, by its status', 'a1 b1 c2', 'b1 a2 c2', 'a2 b1 c2', 1],
    ['more are read behind them', 'a1 b1', 'a1 b1 c1 d1', 'a1 b1 c1 d1', 0],
    ['one has gone, so that the page reaches further', 'a1 b1 c1', 'b1 c1 d1', 'a1 b1 c1 d1', 1],
    ['others are there instead', 'a1 b1', 'c1', 'a1 b1', 3],
    ['there was nobody', '', 'a1', 'a1', 0],
  ])('stay where they are when %s', (_, held, now, shown, changed) => {
    const answer = holdRows(rows(held), rows(now));

    expect(written(answer.rows)).toBe(shown);
    expect(answer.changed).toBe(changed);
  });
});
