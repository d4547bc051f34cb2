import { missingFields, type Needed } from '../../../../domain/batches/missing-fields.js';
import type { DraftFields } from './draft-fields.js';
import type { Import } from './upload/import-queries.js';
import type { Draft } from './use-draft.js';

/** What a draft still needs: in words, and where on the page it is entered, or which upload waits. */
export type Missing = { words: string; fieldId: string; importId?: string };

const WORDS: Record<Needed, Omit<Missing, 'importId'>> = {
  name: { words: 'Give it a name', fieldId: 'field-name' },
  fromNumberId: { words: 'Choose the From Number', fieldId: 'field-fromNumberId' },
  agentId: { words: 'Choose the Voice Agent', fieldId: 'field-agentId' },
  timeZone: { words: 'Choose the time zone', fieldId: 'field-timeZone' },
  window: { words: 'Say when calls can run', fieldId: 'field-window' },
  recipients: { words: 'Add recipients', fieldId: 'field-recipients' },
};

/** In the order of the page. `isPurposeKnown`: "neither" is an answer too, and the server keeps none of it. */
export function missingOf(draft: Draft, imports: readonly Import[], isPurposeKnown: boolean): Missing[] {
  const { fields, batch, saving } = draft;
  const orNull = (value: unknown): unknown => (value === undefined || value === '' ? null : value);
  const entered = {
    name: orNull(fields.name?.trim()),
    fromNumberId: orNull(fields.fromNumberId),
    agentId: orNull(fields.agentId),
    timeZone: orNull(fields.timeZone),
    window: isOpenSometime(fields.window) ? fields.window : null,
  };
  const hasRecipients =
    (batch?.counters.recipients.total ?? 0) > 0 || imports.some(({ rowsOutstanding }) => rowsOutstanding);
  const waiting = imports.filter(({ status }) => status === 'REVIEW');
  const needed = missingFields(entered, hasRecipients || waiting.length > 0).map((field) => WORDS[field]);
  const missing: Missing[] = [
    ...needed,
    ...waiting.map(({ id, fileName }) => ({
      words: `Add or discard ${fileName}`,
      fieldId: 'field-recipients',
      importId: id,
    })),
  ];
  if (!isPurposeKnown) missing.push({ words: 'Say what these calls are', fieldId: 'field-purpose' });
  for (const field of Object.keys(saving.errors))
    missing.push({ words: 'Mend what was not saved', fieldId: `field-${field}` });
  return missing;
}

function isOpenSometime(window: DraftFields['window']): boolean {
  return Object.values(window ?? {}).some((ranges) => ranges.length > 0);
}
