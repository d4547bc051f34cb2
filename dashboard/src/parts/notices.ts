import { notifications } from '@mantine/notifications';
import { wordsOf } from './ErrorState.js';

/** What was asked for was not done: why. */
export function showError(error: Error): void {
  notifications.show({ title: 'That was not done', message: wordsOf(error), color: 'red', autoClose: 10_000 });
}

export function showDone(message: string): void {
  notifications.show({ message, color: 'green' });
}
