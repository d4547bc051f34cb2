import { useQueryClient } from '@tanstack/react-query';
import { showError } from '../../parts/notices.js';
import { useConfirmed } from '../confirmation.js';
import { useGuardedMutation } from './use-guarded-mutation.js';

type ChangeOptions<Asked, Answer> = {
  /** Names of what is read again when it is done. */
  again?: readonly (readonly unknown[])[];
  onDone?: (answer: Answer, asked: Asked) => void;
  /** Left out: a notice says why it was refused. */
  onError?: (err: Error) => void;
};

/** A change through the API. It asks for the password where that is needed, and says why something was refused. */
export function useChange<Asked = void, Answer = unknown>(
  ask: (asked: Asked) => Promise<Answer>,
  { again = [], onDone, onError = showError }: ChangeOptions<Asked, Answer> = {},
) {
  const client = useQueryClient();
  const confirmed = useConfirmed();
  return useGuardedMutation({
    mutationFn: (asked: Asked) => confirmed(() => ask(asked)),
    onSuccess: (answer, asked) => {
      for (const queryKey of again) void client.invalidateQueries({ queryKey });
      onDone?.(answer, asked);
    },
    onError,
  });
}
