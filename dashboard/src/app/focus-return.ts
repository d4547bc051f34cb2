import { useEffect } from 'react';

const REMEMBERED_MAX = 20;
const DIALOG = '[role=dialog]';
/** What closes by itself is no place to come back to. */
const PASSING = '[role=menu], [role=listbox]';

/**
 * Who closes a dialog is where they were before it. The library does so for dialogs that it hides; most of ours are taken out
 * of the page, and what opened one may be gone by then (an item of a menu): then the focus goes to the last place that is left.
 */
export function useFocusReturn(): void {
  useEffect(() => {
    let visited: HTMLElement[] = [];
    const remember = ({ target }: FocusEvent): void => {
      if (!(target instanceof HTMLElement) || target.closest(PASSING)) return;
      // Of each dialog the last place only: a long walk in it pushes out nothing of what is under it.
      const dialog = target.closest(DIALOG);
      const kept = visited.filter((each) => each !== target && !(dialog && each.closest(DIALOG) === dialog));
      visited = [target, ...kept].slice(0, REMEMBERED_MAX);
    };
    const observer = new MutationObserver((changes) => {
      const isLost = document.activeElement === document.body || document.activeElement === null;
      if (!isLost || !changes.some(({ removedNodes }) => [...removedNodes].some(holdsDialog))) return;
      const open = [...document.querySelectorAll(DIALOG)].at(-1);
      const isThere = (each: HTMLElement): boolean => each.isConnected && each.getClientRects().length > 0;
      for (const each of visited) {
        if (!isThere(each) || (open && !open.contains(each))) continue;
        each.focus({ preventScroll: true });
        if (document.activeElement === each) return;
      }
    });
    document.addEventListener('focusin', remember);
    observer.observe(document.body, { childList: true, subtree: true });
    return () => {
      document.removeEventListener('focusin', remember);
      observer.disconnect();
    };
  }, []);
}

function holdsDialog(node: Node): boolean {
  return node instanceof Element && (node.matches(DIALOG) || node.querySelector(DIALOG) !== null);
}
