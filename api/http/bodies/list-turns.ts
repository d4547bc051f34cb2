import { ERRORS } from '../error-table.js';
import { ApiError } from '../errors.js';

/** Ends a turn. */
type EndTurn = () => void;
type Waiting = { workspaceId: string; begin(end: EndTurn): void };

const RETRY_AFTER_S = 5;

/**
 * How many large bodies are in memory at the same time. A workspace has at most half of the places, so that one that fills them
 * leaves the others theirs; who waits is served in order.
 */
export class ListTurns {
  readonly #taken = new Map<string, number>();
  readonly #waiting = new Set<Waiting>();

  constructor(private readonly options: { placesMax: number; waitMs: number }) {}

  /** @throws ApiError when no place became free in time, or the client went away */
  take(workspaceId: string, gone: AbortSignal): Promise<EndTurn> {
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        workspaceId,
        begin: (end) => {
          clearTimeout(timer);
          gone.removeEventListener('abort', giveUp);
          resolve(end);
        },
      };
      const giveUp = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(waiting);
        reject(tooBusy());
      };
      const timer = setTimeout(giveUp, this.options.waitMs);
      gone.addEventListener('abort', giveUp, { once: true });
      this.#waiting.add(waiting);
      this.#beginNext();
    });
  }

  #beginNext(): void {
    for (const waiting of this.#waiting) {
      if (!this.#mayBegin(waiting)) continue;
      const { workspaceId } = waiting;
      this.#waiting.delete(waiting);
      this.#taken.set(workspaceId, this.#placesOf(workspaceId) + 1);
      waiting.begin(() => this.#end(workspaceId));
    }
  }

  #mayBegin({ workspaceId }: Waiting): boolean {
    const all = [...this.#taken.values()].reduce((sum, places) => sum + places, 0);
    return all < this.options.placesMax && this.#placesOf(workspaceId) < Math.floor(this.options.placesMax / 2);
  }

  #end(workspaceId: string): void {
    const places = this.#placesOf(workspaceId) - 1;
    if (places > 0) this.#taken.set(workspaceId, places);
    else this.#taken.delete(workspaceId);
    this.#beginNext();
  }

  #placesOf(workspaceId: string): number {
    return this.#taken.get(workspaceId) ?? 0;
  }
}

function tooBusy(): ApiError {
  return new ApiError('too_many_lists', ERRORS.too_many_lists.advice, {
    headers: { 'Retry-After': String(RETRY_AFTER_S) },
  });
}
