import { Modal, type ModalProps } from '@mantine/core';
import { useOpenDialog } from './open-dialogs.js';

type DialogProps = Omit<ModalProps, 'opened' | 'closeOnEscape' | 'closeButtonProps'> & {
  /** The address shows it: Back closes it by leaving that. */
  hasAddress?: boolean;
};

/** On top of the page until it is taken out of it. Its cross, Escape and Back close it. */
export function Dialog({ onClose, hasAddress = false, ...others }: DialogProps) {
  useOpenDialog(true, onClose, hasAddress);
  return (
    <Modal opened onClose={onClose} closeOnEscape={false} closeButtonProps={{ 'aria-label': 'Close' }} {...others} />
  );
}
