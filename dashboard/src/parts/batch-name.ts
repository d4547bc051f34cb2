import type { Batch } from '../api/client.js';

/** A draft may have no name yet. */
export function nameOf({ name }: Pick<Batch, 'name'>): string {
  return name ?? 'Untitled draft';
}
