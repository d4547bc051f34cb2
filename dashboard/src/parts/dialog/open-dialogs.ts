import { useEffect, useRef } from 'react';
import { useBlocker } from 'react-router';

type OpenDialog = {
  close: () => void;
  /** The address shows it: Back closes it by leaving that. */
  hasAddress: boolean;
};

/** The one on top last. */
const open: OpenDialog[] = [];

export function useOpenDialog(isOpen: boolean, close: () => void, hasAddress: boolean): void {
  const latest = useRef(close);
  useEffect(() => {
    latest.current = close;
  });
  useEffect(() => {
    if (!isOpen) return undefined;
    const own = { close: () => latest.current(), hasAddress };
    open.push(own);
    return () => void open.splice(open.indexOf(own), 1);
  }, [isOpen, hasAddress]);
}

/**
 * Escape and Back close the dialog on top, and nothing else: the library would close all that are open, and Back would leave the
 * page with what was entered on it.
 */
export function useLeaveDialogs(): void {
  const blocker = useBlocker(({ historyAction }) => historyAction === 'POP' && open.at(-1)?.hasAddress === false);
  useEffect(() => {
    if (blocker.state !== 'blocked') return;
    open.at(-1)?.close();
    blocker.reset();
  }, [blocker]);
  useEffect(() => {
    const listen = ({ key, isComposing, target }: KeyboardEvent): void => {
      // A list or a menu that is open in the dialog takes the key for itself, and says so.
      const isTaken = target instanceof Element && target.getAttribute('data-mantine-stop-propagation') === 'true';
      if (key === 'Escape' && !isComposing && !isTaken) open.at(-1)?.close();
    };
    window.addEventListener('keydown', listen, true);
    return () => window.removeEventListener('keydown', listen, true);
  }, []);
}
