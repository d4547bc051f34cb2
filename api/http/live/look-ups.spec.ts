import { createLookUps } from './look-ups.js';

describe('look-ups', () => {
  it('of one person are one that is under way and one after it, however many ask', async () => {
    const lookUp = createLookUps(2);
    let begun = 0;
    let letGo: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    const work = (): Promise<void> => {
      begun += 1;
      return held;
    };
    const all = Array.from({ length: 100 }, () => lookUp('ada', work));
    letGo();
    await Promise.all(all);
    expect(begun).toBe(2);
    await lookUp('ada', work);
    expect(begun).toBe(3);
  });

  it('tell what went wrong to all who asked, and go on', async () => {
    const lookUp = createLookUps(2);
    const fail = (): Promise<void> => Promise.reject(new Error('is out'));
    const told = await Promise.allSettled([lookUp('ada', fail), lookUp('ada', fail), lookUp('ada', fail)]);
    expect(told.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    await expect(lookUp('ada', () => Promise.resolve())).resolves.toBeUndefined();
  });

  it('of many people are so many at once', async () => {
    const lookUp = createLookUps(2);
    let running = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
    };
    await Promise.all(Array.from({ length: 20 }, (_, index) => lookUp(`person ${index}`, work)));
    expect(most).toBe(2);
  });
});
