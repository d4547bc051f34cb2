/**
 * A number from 0 (included) to 1 (excluded) that depends on nothing but its key: the same seed, phone number and ordinal
 * give the same draw, whatever came before and whenever it is asked. FNV-1a over the key, then murmur3's finaliser, so that
 * numbers that differ by one digit draw independently. Not for secrets.
 */
export function draw(...key: (string | number)[]): number {
  const text = key.join('\u0000');
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/** Exponentially distributed around a mean, from a draw. */
export function exponential(drawn: number, mean: number): number {
  return -mean * Math.log(1 - drawn);
}

/** The key whose weight the draw falls on. Weights need not add up to 1. @throws RangeError when none is above 0. */
export function pickByWeight<Key extends string>(drawn: number, weights: Partial<Record<Key, number>>): Key {
  const entries = (Object.entries(weights) as [Key, number][]).filter(([, weight]) => weight > 0);
  const total = entries.reduce((sum, [, weight]) => sum + weight, 0);
  let left = drawn * total;
  for (const [key, weight] of entries) {
    if (left < weight) return key;
    left -= weight;
  }
  const last = entries.at(-1);
  if (!last) throw new RangeError('no weight is above 0');
  return last[0];
}
