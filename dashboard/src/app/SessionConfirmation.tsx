import { Suspense, useCallback, useState, type ReactNode } from 'react';
import { lazyPart } from '../api/lazy-part.js';
import { DialwrightError } from '../api/client.js';
import { ConfirmationContext } from './confirmation.js';

/** Asked for seldom: it is no part of what every page loads. */
const AskForPassword = lazyPart(async () => (await import('./AskForPassword.js')).AskForPassword);

type Waiting = { resolve: () => void; reject: (err: Error) => void };
const NOT_GIVEN = {
  code: 'confirmation_required',
  title: 'Your password was not given; nothing was changed.',
  status: 403,
};

/** Around the pages: asks for the password where the API wants to know again who it is. */
export function SessionConfirmation({ children }: { children: ReactNode }) {
  const [waiting, setWaiting] = useState<readonly Waiting[]>([]);
  const confirm = useCallback(
    () => new Promise<void>((resolve, reject) => setWaiting((others) => [...others, { resolve, reject }])),
    [],
  );
  const end = (tell: (one: Waiting) => void): void => {
    waiting.forEach(tell);
    setWaiting([]);
  };
  return (
    <ConfirmationContext value={confirm}>
      {children}
      {waiting.length > 0 && (
        <Suspense fallback={null}>
          <AskForPassword
            onDone={() => end(({ resolve }) => resolve())}
            onClose={() => end(({ reject }) => reject(new DialwrightError(NOT_GIVEN)))}
          />
        </Suspense>
      )}
    </ConfirmationContext>
  );
}
