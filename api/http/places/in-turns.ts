/** Runs a piece of work when it is its turn. */
export type Turn = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * The chunks of a download, each made in a turn of its own: a client that takes them slowly holds nothing that others wait for.
 * The first is made before this returns, so that what fails there can still be answered.
 */
export async function inTurns<Chunk>(chunks: AsyncIterable<Chunk>, turn: Turn): Promise<AsyncIterable<Chunk>> {
  const making = chunks[Symbol.asyncIterator]();
  const first = await turn(() => making.next());
  return allOf(making, first, turn);
}

async function* allOf<Chunk>(
  making: AsyncIterator<Chunk>,
  first: IteratorResult<Chunk>,
  turn: Turn,
): AsyncGenerator<Chunk> {
  try {
    for (let made = first; made.done !== true; made = await turn(() => making.next())) yield made.value;
  } finally {
    await making.return?.();
  }
}
