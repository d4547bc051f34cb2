type Row = { id: string; status: string };

type Held<R> = {
  /** In the order in which they were, each as it is known last. */
  rows: R[];
  /** Those behind all who were there: they move nobody. */
  further: R[];
  /** How many came, went, or stand elsewhere now. */
  changed: number;
};

/** Rows that stay where they are while the list behind them moves. `held`: as they were when they were put in order. */
export function holdRows<R extends Row>(held: readonly R[], now: readonly R[]): Held<R> {
  const fresh = new Map(now.map((row) => [row.id, row]));
  const places = new Set(held.map(({ id }) => id));
  const lastStaying = now.findLastIndex(({ id }) => places.has(id));
  const further = held.length > 0 && lastStaying === -1 ? [] : now.slice(lastStaying + 1);
  const came = now.length - further.length - now.filter(({ id }) => places.has(id)).length;
  const moved = held.filter(({ id, status }) => fresh.get(id)?.status !== status).length;
  return { rows: [...held.map((row) => fresh.get(row.id) ?? row), ...further], further, changed: came + moved };
}
