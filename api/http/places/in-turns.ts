/** Runs a piece of work when it is its turn. */
export type Turn = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * The chunks of a download, each made in a turn of its own: a client that takes them slowly holds nothing that others wait for.
 * The first is made before this returns, so that what fails there can still be answered.
 */
export async function inTurns(chunks: AsyncIterable<string>, turn: Turn): Promise<AsyncIterable<string>> {
  const making = chunks[Symbol.asyncIterator]();
  const first = await turn(() => making.next());
  return allOf(making, first, turn);
}

async function* allOf(
  making: AsyncIterator<string>,
  first: IteratorResult<string>,
  turn: Turn,
): AsyncGenerator<string> {
  try {
    for (let made = first; made.done !== true; made = await turn(() => making.next())) yield made.value;
  } finally {
    await making.return?.();
  }
}
