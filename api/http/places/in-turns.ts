/** Runs a piece of work when it is its turn. */
type Turn = <T>(work: () => Promise<T>) => Promise<T>;

export type Turns = {
  turn: Turn;
  /** Asked once a second at most while it goes on. @throws when who downloads may do so no longer */
  stillIn(): Promise<void>;
  /** When it was asked last, on the clock of `performance.now()`. */
  askedAtMs: number;
};

const ASKED_EVERY_MS = 1_000;

/**
 * The chunks of a download, each made in a turn of its own: a client that takes them slowly holds nothing that others wait for.
 * The first is made before this returns, so that what fails there can still be answered.
 */
export async function inTurns<Chunk>(chunks: AsyncIterable<Chunk>, turns: Turns): Promise<AsyncIterable<Chunk>> {
  const making = chunks[Symbol.asyncIterator]();
  const first = await turns.turn(() => making.next());
  return allOf(making, first, turns);
}

async function* allOf<Chunk>(
  making: AsyncIterator<Chunk>,
  first: IteratorResult<Chunk>,
  { turn, stillIn, askedAtMs }: Turns,
): AsyncGenerator<Chunk> {
  try {
    for (let made = first; made.done !== true; made = await turn(() => making.next())) {
      yield made.value;
      if (performance.now() < askedAtMs + ASKED_EVERY_MS) continue;
      askedAtMs = performance.now();
      await stillIn();
    }
  } finally {
    await making.return?.();
  }
}
