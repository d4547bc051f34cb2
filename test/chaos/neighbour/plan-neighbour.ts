import type { Plan } from '../plan.js';
import { createRandom, type Random } from '../random.js';

export type NeighbourPlan = {
  /** Recipients of the batch that is searched. */
  searchedRows: number;
  uploadRows: number;
  /** At a time. */
  searches: number;
  concurrencyLimit: number;
  /** What its batches call, one batch after the other; the first `shared` are numbers of the other workspace. */
  batches: { phones: string[]; shared: number }[];
  /** For each thing that it repeats, draws of its own: how one of them fares changes nothing for the others. */
  randomOf(name: string): Random;
};

const SMALL_RECIPIENTS_MAX = 500;
const BATCHES_MAX = 40;
const SHARED = 20;
const OWN = 10;
/** Numbers that neither the main batch nor the side batches have. */
const OWN_PREFIX = '+1415220';

export function planNeighbour(seed: number, { profile, phones }: Plan): NeighbourPlan {
  const random = createRandom(seed ^ 0x0e1b0b1);
  const isSmall = profile.recipients <= SMALL_RECIPIENTS_MAX;
  let nextOwn = 0;
  const distinct = [...new Set(phones)];
  const planBatch = (): NeighbourPlan['batches'][number] => {
    const shared = random.shuffle(distinct).slice(0, SHARED);
    const own = Array.from({ length: OWN }, () => `${OWN_PREFIX}${String(nextOwn++).padStart(4, '0')}`);
    return { phones: [...shared, ...own], shared: shared.length };
  };
  return {
    searchedRows: isSmall ? 20_000 : 100_000,
    uploadRows: isSmall ? 5_000 : 20_000,
    searches: 4,
    concurrencyLimit: 8,
    batches: Array.from({ length: BATCHES_MAX }, planBatch),
    randomOf: (name) => createRandom(seed ^ hashOf(name)),
  };
}

function hashOf(name: string): number {
  let hash = 0x811c9dc5;
  for (const letter of name) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  return hash;
}
