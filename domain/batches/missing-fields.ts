/** What a batch needs to be submitted, and what to do about each that it lacks. */
export const NEEDED_TO_SUBMIT = {
  name: 'the batch has no name; give it one',
  fromNumberId: 'the batch has no from-number; choose one of GET /v1/phone-numbers',
  agentId: 'the batch has no agent; name one of GET /v1/agents',
  timeZone: 'the batch has no time zone; name the one in which its hours are read',
  window: 'the batch has no window; set the days and hours in which calling is allowed',
  recipients: 'the batch has no recipients; add some, or confirm an import with accepted rows',
};
export type Needed = keyof typeof NEEDED_TO_SUBMIT;

/** What a batch lacks, in the order of its fields. `hasRecipients`: also those of a confirmed import that are still to come. */
export function missingFields(batch: Record<Exclude<Needed, 'recipients'>, unknown>, hasRecipients: boolean): Needed[] {
  return (Object.keys(NEEDED_TO_SUBMIT) as Needed[]).filter((field) =>
    field === 'recipients' ? !hasRecipients : batch[field] === null,
  );
}
