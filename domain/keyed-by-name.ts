import { z } from 'zod';

/**
 * An object whose keys the client chooses. A key `__proto__` is a mistake: zod would leave it out without a word, so that a change
 * would be half done.
 */
export function keyedByName<K extends z.core.$ZodRecordKey, V extends z.ZodType>(key: K, value: V) {
  return z.preprocess(
    (input, ctx) => {
      if (typeof input !== 'object' || input === null || !Object.hasOwn(input, '__proto__')) return input;
      ctx.addIssue({
        code: 'custom',
        path: ['__proto__'],
        message: 'is not a name that is taken here; choose another',
      });
      return z.NEVER;
    },
    z.record(key, value),
  );
}
