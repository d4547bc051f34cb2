import { createTheme, type CSSVariablesResolver } from '@mantine/core';
import { TONES } from '../../../domain/shown/tones.js';

const FONTS =
  "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Noto Sans Arabic', 'Noto Sans Hebrew', sans-serif";

export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: { light: 8, dark: 8 },
  fontFamily: FONTS,
  headings: { fontFamily: FONTS, fontWeight: '650' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  components: {
    Tooltip: { defaultProps: { events: { hover: true, focus: true, touch: true }, multiline: true, maw: 340 } },
    // A part of a page that is still read: its label needs a role.
    Skeleton: { defaultProps: { role: 'progressbar' } },
    // The first item has the focus; a place before it would be no item of the menu.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    Modal: { defaultProps: { centered: true, overlayProps: { backgroundOpacity: 0.5 } } },
  },
});

/** The colours of the tones, as variables of both schemes. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  // Those of the library are too pale for small text.
  light: {
    ...variablesOf('light'),
    '--mantine-color-dimmed': '#5c636a',
    '--mantine-color-placeholder': '#6c737a',
    '--mantine-color-error': 'var(--tone-red)',
  },
  dark: {
    ...variablesOf('dark'),
    '--mantine-color-dimmed': '#a9b0b7',
    '--mantine-color-placeholder': '#8f969d',
    '--mantine-color-error': 'var(--tone-red)',
  },
});

function variablesOf(scheme: 'light' | 'dark'): Record<string, string> {
  return Object.fromEntries(
    Object.entries(TONES).flatMap(
      ([
        name,
        {
          [scheme]: [text, ground],
        },
      ]) => [
        [`--tone-${name}`, text],
        [`--tone-${name}-ground`, ground],
      ],
    ),
  );
}
