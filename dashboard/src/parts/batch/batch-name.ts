import type { Batch } from '../../api/client.js';

/** A draft may have no name yet. */
export function nameOf({ name }: Pick<Batch, 'name'>): string {
  return name ?? 'Untitled draft';
}

/** Where a batch is looked at; a draft is edited there. */
export function addressOf({ id, status }: Pick<Batch, 'id' | 'status'>): string {
  return status === 'DRAFT' ? `/batches/${id}/edit` : `/batches/${id}`;
}
