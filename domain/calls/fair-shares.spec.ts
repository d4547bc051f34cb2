import { fairShares } from './fair-shares.js';

describe('fair shares', () => {
  it.each([
    [[], 10, []],
    [[{ live: 3, wants: 100 }], 10, [10]],
    [
      [
        { live: 0, wants: 100 },
        { live: 10, wants: 100 },
      ],
      10,
      [5, 5],
    ],
    // What the small one leaves goes to the others.
    [
      [
        { live: 1, wants: 1 },
        { live: 0, wants: 50 },
        { live: 8, wants: 50 },
      ],
      20,
      [2, 9, 9],
    ],
    [
      [
        { live: 1, wants: 0 },
        { live: 2, wants: 1 },
      ],
      20,
      [1, 3],
    ],
    [[{ live: 5, wants: 5 }], -3, [0]],
  ])('of %j with %i slots are %j', (demands, slots, shares) => {
    expect(fairShares(demands, slots)).toEqual(shares);
  });
});
