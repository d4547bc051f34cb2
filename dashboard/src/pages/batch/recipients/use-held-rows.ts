import { useState } from 'react';
import { holdRows } from '../../../../../domain/shown/held-rows.js';
import type { Schemas } from '../../../api/client.js';

type Recipient = Schemas['Recipient'];

type HeldRows = { rows: readonly Recipient[]; changed: number; refresh: () => void };

/**
 * Under a filter or an order by status a recipient that moves on would leave its place, under the pointer of who looks. So rows
 * stay until they are asked for again. `order`: of what they were put in order by; null: nothing moves anyhow.
 */
export function useHeldRows(now: readonly Recipient[], order: string | null): HeldRows {
  const [held, setHeld] = useState<{ order: string; rows: readonly Recipient[] } | null>(null);
  if (order === null) {
    if (held) setHeld(null);
    return { rows: now, changed: 0, refresh: () => undefined };
  }
  if (held?.order !== order) {
    setHeld({ order, rows: now });
    return { rows: now, changed: 0, refresh: () => undefined };
  }
  const { rows, further, changed } = holdRows(held.rows, now);
  if (further.length > 0) setHeld({ order, rows: [...held.rows, ...further] });
  return { rows, changed, refresh: () => setHeld({ order, rows: now }) };
}
