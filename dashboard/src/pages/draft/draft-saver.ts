import { DialwrightError, type Batch } from '../../api/client.js';
import { PageError } from '../../api/page-error.js';
import { fieldsOf, isSame, type DraftChange, type DraftField, type DraftFields } from './draft-fields.js';

/** Somebody else has changed a field that was changed here, too. */
export type Conflict = { field: DraftField; mine: unknown; theirs: unknown };
export type SaveState = {
  /** What was entered and is not saved yet: it is shown in place of what the draft has. */
  pending: DraftChange;
  status: 'saved' | 'waiting' | 'saving' | 'failed';
  /** Why the whole of it could not be saved; it is tried again. */
  problem: Error | null;
  /** What the server says of fields that it refuses; they wait until they are changed. */
  errors: Partial<Record<DraftField, string>>;
  conflicts: readonly Conflict[];
};
export type DraftServer = {
  /** The draft as it was seen last. */
  seen(batchId: string): Batch | undefined;
  create(changes: DraftChange): Promise<Batch>;
  update(batchId: string, changes: DraftChange, version: number): Promise<Batch>;
  reload(batchId: string): Promise<Batch>;
};

const SAVED_AFTER_MS = 400;
const AGAIN_AFTER_MS = 4_000;
/** A draft that changes more often than this while it is saved is left to the next try. */
const ROUNDS_MAX = 5;
const NOTHING: SaveState = { pending: {}, status: 'saved', problem: null, errors: {}, conflicts: [] };

/**
 * Saves a draft as it is typed, one request after the other. A change by somebody else is no obstacle unless it is of the same
 * field: then both values are kept, for a person to choose. What could not be saved stays, and is tried again.
 */
export class DraftSaver {
  state = NOTHING;
  #base: DraftFields = {};
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> | null = null;
  readonly #listeners = new Set<() => void>();

  constructor(
    public batchId: string | null,
    private readonly server: DraftServer,
  ) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly read = (): SaveState => this.state;

  change(changes: DraftChange): void {
    const seen = this.#seenFields();
    const errors = { ...this.state.errors };
    for (const field of fieldsIn(changes)) {
      if (!(field in this.#base)) Object.assign(this.#base, { [field]: seen[field] });
      delete errors[field];
    }
    this.#set({ pending: { ...this.state.pending, ...changes }, errors, status: 'waiting' });
    this.#later(SAVED_AFTER_MS);
  }

  /** Saves what waits, now. @returns the draft; null when something of it could not be saved */
  async flush(): Promise<Batch | null> {
    clearTimeout(this.#timer);
    await this.#running;
    await this.#start();
    const { batchId } = this;
    return this.state.status === 'saved' && batchId !== null ? (this.server.seen(batchId) ?? null) : null;
  }

  /** The draft's id; it is made when there is none yet. @throws what the server says */
  async ensure(): Promise<string> {
    if (this.batchId !== null) return this.batchId;
    clearTimeout(this.#timer);
    await this.#running;
    if (this.batchId === null) await this.#start(true);
    if (this.batchId === null) throw this.state.problem ?? new PageError('The draft could not be saved.');
    return this.batchId;
  }

  choose(field: DraftField, whose: 'mine' | 'theirs'): void {
    const conflicts = this.state.conflicts.filter((each) => each.field !== field);
    const pending = { ...this.state.pending };
    if (whose === 'theirs') {
      delete pending[field];
      delete this.#base[field];
    } else Object.assign(this.#base, { [field]: this.#seenFields()[field] });
    this.#set({ conflicts, pending });
    this.#later(0);
  }

  #seenFields(): DraftFields {
    const batch = this.batchId === null ? undefined : this.server.seen(this.batchId);
    return batch ? fieldsOf(batch) : {};
  }

  #later(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#start(), ms);
  }

  #start(evenIfEmpty = false): Promise<void> {
    this.#running ??= this.#run(evenIfEmpty).finally(() => (this.#running = null));
    return this.#running;
  }

  async #run(evenIfEmpty: boolean): Promise<void> {
    for (let round = 0; round < ROUNDS_MAX; round++) {
      const sent = this.#toSend();
      const isFirst = evenIfEmpty && this.batchId === null;
      if (fieldsIn(sent).length === 0 && !isFirst) return this.#rest();
      this.#set({ status: 'saving' });
      try {
        this.#took(sent, await this.#send(sent));
      } catch (err) {
        if (!(await this.#recovers(err as Error, sent))) return;
      }
    }
    this.#later(SAVED_AFTER_MS);
  }

  /** What is neither refused nor disputed. */
  #toSend(): DraftChange {
    const { pending, errors, conflicts } = this.state;
    const held = new Set([...Object.keys(errors), ...conflicts.map(({ field }) => field)]);
    return Object.fromEntries(Object.entries(pending).filter(([field]) => !held.has(field)));
  }

  async #send(sent: DraftChange): Promise<Batch> {
    if (this.batchId === null) {
      const batch = await this.server.create(sent);
      this.batchId = batch.id;
      return batch;
    }
    const seen = this.server.seen(this.batchId) ?? (await this.server.reload(this.batchId));
    if (this.#findConflicts(sent, seen)) return seen;
    return this.server.update(this.batchId, sent, seen.version);
  }

  /** Those of another person's changes that were changed here, too. @returns whether there are any */
  #findConflicts(sent: DraftChange, seen: Batch): boolean {
    const theirs = fieldsOf(seen);
    const found = fieldsIn(sent)
      .filter((field) => !isSame(this.#base[field], theirs[field]) && !isSame(sent[field], theirs[field]))
      .map((field) => ({ field, mine: sent[field], theirs: theirs[field] }));
    if (found.length > 0) this.#set({ conflicts: [...this.state.conflicts, ...found] });
    return found.length > 0;
  }

  #took(sent: DraftChange, batch: Batch): void {
    if (this.state.conflicts.some(({ field }) => field in sent)) return;
    const now = fieldsOf(batch);
    const pending = { ...this.state.pending };
    for (const field of fieldsIn(sent)) {
      const isTyped = !isSame(pending[field], sent[field]);
      if (isTyped) Object.assign(this.#base, { [field]: now[field] });
      else {
        delete pending[field];
        delete this.#base[field];
      }
    }
    this.#set({ pending, problem: null });
  }

  /** @returns whether the next round may do better */
  async #recovers(err: Error, sent: DraftChange): Promise<boolean> {
    const problem = err instanceof DialwrightError ? err.problem : null;
    if (
      problem &&
      this.batchId !== null &&
      (problem.code === 'version_conflict' || (err instanceof DialwrightError && err.status === 412))
    ) {
      const seen = await this.server.reload(this.batchId).catch(() => null);
      if (seen) return true;
    }
    const errors = refusedFields(problem?.errors ?? [], sent);
    if (Object.keys(errors).length > 0) {
      this.#set({ errors: { ...this.state.errors, ...errors } });
      return true;
    }
    this.#set({ status: 'failed', problem: err });
    // A session that has ended is followed by another one, on the same page.
    if (!problem || problem.status >= 500 || problem.status === 401) this.#later(AGAIN_AFTER_MS);
    return false;
  }

  #rest(): void {
    const isAll = fieldsIn(this.state.pending).length === 0;
    this.#set({ status: isAll ? 'saved' : 'failed', problem: null });
  }

  #set(changes: Partial<SaveState>): void {
    this.state = { ...this.state, ...changes };
    for (const listener of this.#listeners) listener();
  }
}

function fieldsIn(changes: DraftChange): DraftField[] {
  return Object.keys(changes) as DraftField[];
}

/** By the field that was sent, of paths such as `window.monday[0]`. */
function refusedFields(
  errors: readonly { field: string; message: string }[],
  sent: DraftChange,
): Partial<Record<DraftField, string>> {
  const found: Partial<Record<DraftField, string>> = {};
  for (const { field, message } of errors) {
    const name = field.split(/[.[]/)[0] as DraftField;
    if (name in sent) found[name] ??= message;
  }
  return found;
}
