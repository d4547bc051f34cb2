import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createPlaces } from './places.js';

const HERE = new AbortController().signal;
const LONG_MS = 600_000;

describe('places', () => {
  it('are never more than there are, nor more of one owner than it may have; who waits gets one in the end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 30 }),
        async (all, each, owners) => {
          const places = createPlaces({ all, each, waitMs: LONG_MS });
          const under: string[] = [];
          let most = 0;
          let mostOfOne = 0;
          const work = async (owner: string): Promise<void> => {
            const giveBack = await places.take(owner, HERE);
            under.push(owner);
            most = Math.max(most, under.length);
            mostOfOne = Math.max(mostOfOne, under.filter((one) => one === owner).length);
            await Promise.resolve();
            under.splice(under.indexOf(owner), 1);
            giveBack();
            giveBack();
          };
          await Promise.all(owners.map(work));
          expect(under).toEqual([]);
          expect(most).toBeLessThanOrEqual(all);
          expect(mostOfOne).toBeLessThanOrEqual(each);
        },
      ),
    );
  });

  it('go to the owner that has the fewest, also when another has waited longer', async () => {
    const places = createPlaces({ all: 2, each: 2, waitMs: LONG_MS });
    const [first] = await Promise.all([places.take('a', HERE), places.take('a', HERE)]);
    const got: string[] = [];
    const waits = ['a', 'a', 'b'].map(async (owner) => {
      const giveBack = await places.take(owner, HERE);
      got.push(owner);
      giveBack();
    });
    first();
    await Promise.all(waits);
    expect(got).toEqual(['b', 'a', 'a']);
  });

  it('are refused at once when nobody may wait, and the refusal says who has them', async () => {
    const places = createPlaces({ all: 2, each: 1, waitMs: 0 });
    await Promise.all([places.take('a', HERE), places.take('b', HERE)]);
    await expect(places.take('a', HERE)).rejects.toMatchObject({ name: 'NoPlaceError', heldBy: 'owner' });
    await expect(places.take('c', HERE)).rejects.toMatchObject({ name: 'NoPlaceError', heldBy: 'others' });
  });

  it('are not kept for who is gone', async () => {
    const places = createPlaces({ all: 1, each: 1, waitMs: LONG_MS });
    const giveBack = await places.take('a', HERE);
    const gone = new AbortController();
    const waits = places.take('b', gone.signal);
    gone.abort(new Error('gone'));
    await expect(waits).rejects.toThrow('gone');
    const next = places.take('c', HERE);
    giveBack();
    (await next)();
    await expect(places.take('d', gone.signal)).rejects.toThrow('gone');
  });
});
