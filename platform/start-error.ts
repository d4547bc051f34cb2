import { PlainError } from './loggable.js';

/** Why a process does not start, in one sentence, and what to do. */
export class StartError extends PlainError {
  override readonly name: string = 'StartError';

  /** All that there is to say of it. */
  get sentence(): string {
    return this.message;
  }
}
