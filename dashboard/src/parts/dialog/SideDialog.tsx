import { Drawer, type DrawerProps } from '@mantine/core';
import { useOpenDialog } from './open-dialogs.js';

type SideDialogProps = Pick<DrawerProps, 'opened' | 'onClose' | 'title' | 'children'>;

/** Beside the page, for one thing of its list; the address shows it. */
export function SideDialog({ opened, onClose, ...others }: SideDialogProps) {
  useOpenDialog(opened, onClose, true);
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      closeOnEscape={false}
      position="right"
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close' }}
      {...others}
    />
  );
}
