import type { Schemas } from '../../../api/client.js';

type Kind = Schemas['ImportColumn']['takenAs'];

/** What a column may be used as, in words. */
export const COLUMN_WORDS: Record<Kind, string> = {
  phoneNumber: 'Phone number',
  name: 'Name',
  ignoreE164Validation: 'Ignore E.164',
  overrideAgentId: 'Override agent id',
  overrideAgentVersion: 'Override agent version',
  metadata: 'Metadata',
  customSipHeaders: 'Custom SIP headers',
  timeZone: 'Time zone',
  notBefore: 'Not before',
  notAfter: 'Not after',
  variable: 'Variable',
  ignored: 'Ignored',
};
export const COLUMN_CHOICES = (Object.keys(COLUMN_WORDS) as Kind[]).map((value) => ({
  value,
  label: COLUMN_WORDS[value],
}));
