import { z } from 'zod';

/** A list whose length is checked before anything that is in it: a list that is too long costs nothing. */
export function boundedList<T extends z.ZodArray>(list: T, lengthMax: number, message: string) {
  return z.preprocess((value, ctx) => {
    if (!Array.isArray(value) || value.length <= lengthMax) return value;
    ctx.addIssue({ code: 'custom', message });
    return z.NEVER;
  }, list.max(lengthMax));
}
