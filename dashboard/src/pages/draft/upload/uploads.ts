import { dialwright, DialwrightError, type Schemas } from '../../../api/client.js';

/** How a file is to be read: what its headers and its bytes do not say by themselves. */
export type ReadAs = {
  defaultCountry?: string;
  numbersWithoutPlus?: Schemas['Import']['numbersWithoutPlus'];
  encoding?: string;
  separator?: string;
  headerRow?: number;
  columns?: Record<string, Schemas['ImportColumn']['takenAs']>;
};
/** A file on its way to the server, or one that did not get there. */
export type Upload = {
  importId: string;
  file: File;
  readAs: ReadAs;
  /** Whether it replaces the file of an import that is there already. */
  isAgain: boolean;
  sentBytes: number;
  totalBytes: number;
  phase: 'sending' | 'reading' | 'lost' | 'refused';
  error: Error | null;
};

/** An id of the client's choice: by it an import is found while its file is still on the way. */
export function newImportId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `imp_${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

/**
 * The uploads of a page: how far each is, and the files, so that one can be read again in another way without being chosen
 * again.
 */
export class Uploads {
  state: readonly Upload[] = [];
  readonly #files = new Map<string, { file: File; readAs: ReadAs }>();
  readonly #endings = new Map<string, AbortController>();
  readonly #listeners = new Set<() => void>();

  constructor(private readonly took: (read: Schemas['Import']) => void) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly read = (): readonly Upload[] => this.state;

  /** The file of an import, and how it was read, when it was uploaded from this page. */
  known(importId: string): { file: File; readAs: ReadAs } | undefined {
    return this.#files.get(importId);
  }

  /** Sends a file for a draft. @returns whether it was read */
  async send(batchId: string, file: File, { importId = newImportId(), readAs = {} } = {}): Promise<boolean> {
    return this.#upload(importId, { file, readAs, isAgain: false }, (options) =>
      dialwright.uploadRecipients(
        batchId,
        { name: file.name, content: file },
        {
          ...options,
          query: { ...options.query, importId },
        },
      ),
    );
  }

  /** Sends the file of an import again, to be read in another way. @returns whether it was read */
  async sendAgain(importId: string, file: File, readAs: ReadAs): Promise<boolean> {
    return this.#upload(importId, { file, readAs, isAgain: true }, (options) =>
      dialwright.replaceFile(importId, { name: file.name, content: file }, options),
    );
  }

  /** Sends one that failed once more: as what it was. @returns whether it was read */
  async retry(batchId: string, { importId, file, readAs, isAgain }: Upload): Promise<boolean> {
    return isAgain ? this.sendAgain(importId, file, readAs) : this.send(batchId, file, { importId, readAs });
  }

  /** Ends an upload, or takes one away that has failed. */
  drop(importId: string): void {
    this.#endings.get(importId)?.abort(new Error('The upload was ended.'));
    this.#set(this.state.filter((each) => each.importId !== importId));
  }

  async #upload(
    importId: string,
    { file, readAs, isAgain }: Pick<Upload, 'file' | 'readAs' | 'isAgain'>,
    send: (options: Sending) => Promise<Schemas['Import']>,
  ): Promise<boolean> {
    const ending = new AbortController();
    const stall = new Stall();
    this.#endings.set(importId, ending);
    const begun = { importId, file, readAs, isAgain, sentBytes: 0, totalBytes: file.size };
    this.#put({ ...begun, phase: 'sending', error: null });
    const onProgress = (sentBytes: number, totalBytes: number): void => {
      stall.wait(sentBytes < totalBytes);
      this.#put({
        ...begun,
        sentBytes,
        totalBytes,
        phase: sentBytes < totalBytes ? 'sending' : 'reading',
        error: null,
      });
    };
    stall.wait(true);
    try {
      const signal = AbortSignal.any([ending.signal, stall.signal]);
      const read = await send({ ...queryOf(readAs), onProgress, signal });
      this.#files.set(importId, { file, readAs });
      this.took(read);
      this.#set(this.state.filter((each) => each.importId !== importId));
      return true;
    } catch (err) {
      if (ending.signal.aborted) return false;
      const phase = err instanceof DialwrightError && err.status < 500 ? 'refused' : 'lost';
      this.#put({ ...begun, phase, error: err as Error });
      return false;
    } finally {
      stall.wait(false);
      if (this.#endings.get(importId) === ending) this.#endings.delete(importId);
    }
  }

  #put(upload: Upload): void {
    const isThere = this.state.some(({ importId }) => importId === upload.importId);
    this.#set(
      isThere ? this.state.map((each) => (each.importId === upload.importId ? upload : each)) : [...this.state, upload],
    );
  }

  #set(state: readonly Upload[]): void {
    this.state = state;
    for (const listener of this.#listeners) listener();
  }
}

/** A browser does not tell of a line that is dead for minutes: a file of which nothing is sent for so long is given up. */
const STALLED_MS = 30_000;

class Stall {
  readonly #over = new AbortController();
  readonly signal = this.#over.signal;
  #timer: number | undefined;

  /** From now on anew, while bytes are expected. */
  wait(isExpected: boolean): void {
    window.clearTimeout(this.#timer);
    if (isExpected) this.#timer = window.setTimeout(() => this.#over.abort(new Error('Nothing was sent.')), STALLED_MS);
  }
}

type Sending = {
  query: Record<string, string>;
  columns?: Record<string, string>;
  onProgress: (sentBytes: number, totalBytes: number) => void;
  signal: AbortSignal;
};

function queryOf({ columns, headerRow, ...texts }: ReadAs): Pick<Sending, 'query' | 'columns'> {
  const query = Object.fromEntries(Object.entries(texts).filter(([, value]) => value)) as Record<string, string>;
  if (headerRow !== undefined && headerRow > 1) query['headerRow'] = String(headerRow);
  return { query, ...(columns && Object.keys(columns).length > 0 && { columns }) };
}
