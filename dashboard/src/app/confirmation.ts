import { createContext, use } from 'react';
import { DialwrightError } from '../api/client.js';

/** Lets the person show again who it is. Rejects when they would rather not. */
export const ConfirmationContext = createContext<(() => Promise<void>) | null>(null);

/**
 * What gives somebody access, or takes a protection away, is refused to a session that was not confirmed lately: the password is
 * asked for then, and the same is asked once more. @throws outside of the shell
 */
export function useConfirmed(): <T>(ask: () => Promise<T>) => Promise<T> {
  const confirm = use(ConfirmationContext);
  if (!confirm) throw new Error('Only a page of the shell can ask for the password');
  return async (ask) => {
    try {
      return await ask();
    } catch (err) {
      if (!(err instanceof DialwrightError) || err.code !== 'confirmation_required') throw err;
      await confirm();
      return ask();
    }
  };
}
