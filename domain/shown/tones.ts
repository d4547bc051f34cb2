/** Colours by what they say, one pair for each scheme. The contrast of each pair is 5.6:1 at least. */
export const TONES = {
  grey: { light: ['#495057', '#F1F3F5'], dark: ['#CED4DA', '#2B2F33'] },
  indigo: { light: ['#364FC7', '#EDF2FF'], dark: ['#BAC8FF', '#232A4D'] },
  blue: { light: ['#1862AB', '#E7F5FF'], dark: ['#A5D8FF', '#122E47'] },
  green: { light: ['#1F6B2E', '#EBFBEE'], dark: ['#A3E6AE', '#12361B'] },
  amber: { light: ['#7A4A00', '#FFF4DB'], dark: ['#FFD98A', '#3B2A08'] },
  red: { light: ['#B02525', '#FFF0F0'], dark: ['#FFB3B3', '#471A1A'] },
  violet: { light: ['#6B2FB5', '#F3EEFF'], dark: ['#D6BFFF', '#2F1F4D'] },
} as const satisfies Record<string, Record<'light' | 'dark', readonly [text: string, ground: string]>>;
export type Tone = keyof typeof TONES;

/** How a status is shown: never by its colour alone. */
export type Shown = {
  label: string;
  tone: Tone;
  /** What other products call it. */
  alias?: string;
};
