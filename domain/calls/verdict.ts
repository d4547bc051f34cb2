/** What a person says of an attempt that nobody can explain, and the word that is stored. */
export const VERDICTS = { called: 'CALLED', 'not-called': 'NOT_CALLED', 'give-up': 'GIVE_UP' } as const;
export type VerdictWord = keyof typeof VERDICTS;
export type Verdict = (typeof VERDICTS)[VerdictWord];

export const VERDICT_WORDS = Object.keys(VERDICTS) as VerdictWord[];
