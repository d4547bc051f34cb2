import type { Role } from '../../../../domain/people/roles.js';
import { PAGES } from '../pages.js';

export type Shortcut = {
  /** Pressed one after the other. */
  keys: readonly string[];
  words: string;
  /** Where it leads, or what it does; left out: another part of the page does it, and the list tells of it. */
  goTo?: string;
  does?: 'search' | 'list';
  /** Who has a lower role is told so. */
  needs?: Role;
};

/** The one table of keys: what the page listens for, and what its list shows. */
export const SHORTCUTS: readonly Shortcut[] = [
  ...PAGES.map(({ to, label, key }) => ({ keys: ['g', key], words: `Go to ${label}`, goTo: to })),
  { keys: ['n'], words: 'Create a batch call', goTo: '/batches/new', needs: 'operator' },
  { keys: ['/'], words: 'Search on this page', does: 'search' },
  { keys: ['?'], words: 'Show this list', does: 'list' },
  { keys: ['Esc'], words: 'Close what is open; nothing is lost' },
  { keys: ['Ctrl + Enter'], words: 'Save a repaired row, and go to the next' },
];

/** In the browser's storage: whether single keys do something. Who speaks to the computer switches them off. */
export const KEYS_SWITCH = { key: 'dialwright-keys', defaultValue: 'on', getInitialValueInEffect: false } as const;
/** What the search of a page carries, so that its key finds it. */
export const SEARCH_MARK = { 'data-page-search': true } as const;
