import type { CallWindow } from '../window.js';

/** What a batch's calls are for, as its owner declares it: laws differ by it. */
export const CALL_PURPOSES = ['telemarketing', 'informational'] as const;
export type CallPurpose = (typeof CALL_PURPOSES)[number];

/** Of a test call, which nobody declares a purpose for: the hours of every purpose apply. */
export const TEST_PURPOSE = 'test';
/** What is stored of a batch. */
export type BatchPurpose = CallPurpose | typeof TEST_PURPOSE;

/** Hours that a law allows, read at the called party's place. Dated data with a source, not legal advice. */
export type LawfulRule = {
  id: string;
  name: string;
  /** ISO 3166. */
  country: string;
  /** Parts of the country that have an ISO 3166 code of their own. */
  territories: readonly string[];
  purpose: CallPurpose;
  hours: CallWindow;
  /** The law, as it is cited. */
  source: string;
  sourceUrl: string;
  /** The day, `YYYY-MM-DD`, on which somebody read the source; null for a rule that nobody has checked, which is never on by default. */
  verifiedAt: string | null;
  enabledByDefault: boolean;
};
