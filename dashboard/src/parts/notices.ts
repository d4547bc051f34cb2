import { notifications } from '@mantine/notifications';
import { wordsOf } from './ErrorState.js';

/** What was asked for was not done: why. */
export function showError(error: Error): void {
  notifications.show({ title: 'That was not done', message: wordsOf(error), color: 'red', autoClose: 10_000 });
}

export function showDone(message: string): void {
  notifications.show({ message, color: 'green' });
}

/** Something is shown as it was before, because it could not be read again. One notice, however much that is. */
export function showOld(error: Error): void {
  notifications.show({
    id: 'old',
    title: 'Some of what you see may be old',
    message: wordsOf(error),
    color: 'yellow',
    autoClose: 10_000,
  });
}
