import { Alert, Button, Group, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { DialwrightError } from '../api/client.js';
import { PageError } from '../api/page-error.js';

/** Something could not be read: what happened, and the way to try again. */
export function ErrorState({ error, onRetry }: { error: Error; onRetry: () => void }) {
  return (
    <Alert color="red" icon={<IconAlertTriangle aria-hidden />} title="This could not be loaded">
      <Text size="sm">{wordsOf(error)}</Text>
      <Group mt="sm">
        <Button size="xs" variant="default" onClick={onRetry}>
          Retry
        </Button>
      </Group>
    </Alert>
  );
}

/** What the API or the page says of it, else that the API did not answer. */
export function wordsOf(error: Error): string {
  if (error instanceof PageError) return error.message;
  if (!(error instanceof DialwrightError)) return 'The server did not answer. Is the connection there?';
  const { detail, title, requestId, status } = error.problem;
  return status >= 500 && requestId ? `${detail ?? title} (request ${requestId})` : (detail ?? title);
}
