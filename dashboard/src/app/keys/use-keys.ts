import { useLocalStorage } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useEffect } from 'react';
import { useNavigate } from 'react-router';
import { KEYS_SWITCH, SHORTCUTS, type Shortcut } from './keys.js';
import { roleLacks, useSignedIn } from '../session.js';

/** The second key of two has to come so soon. */
const NEXT_WITHIN_MS = 1_500;
const TEXT_FIELDS = 'input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable=true]';
/** Under these the page is not reached: keys belong to them. */
const ON_TOP = '[role=dialog], [role=menu], [role=listbox]';

/** Listens for the keys of the page, except while something is typed, or lies on top of it. */
export function useKeys(onList: () => void): void {
  const navigate = useNavigate();
  const { role } = useSignedIn().member;
  const [isOn] = useLocalStorage<string>(KEYS_SWITCH);
  useEffect(() => {
    if (isOn !== 'on') return undefined;
    const act = ({ goTo, does, needs }: Shortcut): void => {
      const lacks = needs === undefined ? null : roleLacks(role, needs);
      if (lacks !== null) notifications.show({ message: lacks });
      else if (goTo !== undefined) void navigate(goTo);
      else if (does === 'search') document.querySelector<HTMLElement>('[data-page-search]')?.focus();
      else if (does === 'list') onList();
    };
    let pressed: readonly string[] = [];
    let pressedAt = 0;
    const listen = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isElsewhere(event.target)) return;
      const before = event.timeStamp - pressedAt < NEXT_WITHIN_MS ? pressed : [];
      const found = shortcutOf([...before, event.key]) ?? shortcutOf([event.key]);
      [pressed, pressedAt] = [[event.key], event.timeStamp];
      if (!found) return;
      pressed = [];
      event.preventDefault();
      act(found);
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, [isOn, navigate, onList, role]);
}

function isElsewhere(target: EventTarget | null): boolean {
  if (target instanceof Element && target.matches(TEXT_FIELDS)) return true;
  // Lists of fields that are closed are in the page, too.
  return [...document.querySelectorAll(ON_TOP)].some((each) => each.getClientRects().length > 0);
}

function shortcutOf(pressed: readonly string[]): Shortcut | undefined {
  return SHORTCUTS.find(({ keys, goTo, does }) => (goTo ?? does) !== undefined && keys.join(' ') === pressed.join(' '));
}
