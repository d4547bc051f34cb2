import { Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';

const SHOWN_FOR_MS = 10_000;

/** Something was done that can be taken back: says so, with the way back, for ten seconds. */
export function showUndoable(message: string, onUndo: () => void): void {
  const id = notifications.show({
    autoClose: SHOWN_FOR_MS,
    color: 'green',
    message: (
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">{message}</Text>
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => {
            notifications.hide(id);
            onUndo();
          }}
        >
          Undo
        </Button>
      </Group>
    ),
  });
}
