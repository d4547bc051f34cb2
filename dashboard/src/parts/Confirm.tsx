import { Button, Group } from '@mantine/core';
import type { ReactNode } from 'react';
import { Dialog } from './dialog/Dialog.js';

type ConfirmProps = {
  /** Asks, with a figure: "Cancel 12,480 calls not yet made?" */
  title: string;
  /** What the button does, in the words of the title. */
  verb: string;
  /** What the safe button says; it has the focus. */
  keep: string;
  children?: ReactNode;
  isDoing?: boolean;
  tone?: 'red' | 'indigo';
  onConfirm: () => void;
  onClose: () => void;
};

/** Asks once before something that cannot be undone. */
export function Confirm({ title, verb, keep, children, isDoing, tone = 'red', onConfirm, onClose }: ConfirmProps) {
  return (
    <Dialog onClose={onClose} title={title}>
      {children}
      <Group justify="flex-end" mt="lg">
        <Button variant="default" data-autofocus onClick={onClose}>
          {keep}
        </Button>
        <Button color={tone} loading={isDoing ?? false} onClick={onConfirm}>
          {verb}
        </Button>
      </Group>
    </Dialog>
  );
}
