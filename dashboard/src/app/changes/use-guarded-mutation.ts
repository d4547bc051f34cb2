import { useMutation, type UseMutateFunction, type UseMutationOptions } from '@tanstack/react-query';
import { useRef } from 'react';

/**
 * A mutation that does not begin again while it is under way: of a double click the first one counts. The page is drawn with a
 * button that is busy only after the second click may have come.
 */
export function useGuardedMutation<Answer, Asked = void>(options: UseMutationOptions<Answer, Error, Asked>) {
  const isUnderWay = useRef(false);
  const { mutate: begin, ...mutation } = useMutation({
    ...options,
    onSettled: (...settled) => {
      isUnderWay.current = false;
      return options.onSettled?.(...settled);
    },
  });
  const mutate: UseMutateFunction<Answer, Error, Asked> = (...asked) => {
    if (isUnderWay.current) return;
    isUnderWay.current = true;
    begin(...asked);
  };
  return { ...mutation, mutate };
}
