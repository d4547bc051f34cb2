import type { Batch, Schemas } from '../../api/client.js';

/** What a draft is changed by. */
export type DraftChange = Omit<Schemas['UpdateBatch'], 'version'>;
export type DraftField = keyof DraftChange;
/** All that the form shows of a draft, in the words of a change; what the draft has not yet is left out. */
export type DraftFields = DraftChange;

/** A draft as the form shows it. */
export function fieldsOf(batch: Batch): DraftFields {
  return {
    ...(batch.name !== null && { name: batch.name }),
    ...(batch.fromNumber && { fromNumberId: batch.fromNumber.id }),
    ...(batch.agent && { agentId: batch.agent.id }),
    ...(batch.timeZone !== null && { timeZone: batch.timeZone }),
    start: batch.startAt === null ? 'now' : { at: batch.startLocal ?? batch.startAt },
    end: batch.endAt === null ? null : { at: batch.endLocal ?? batch.endAt },
    ...(batch.window && { window: batch.window }),
    hoursIn: batch.hoursIn,
    unknownZone: batch.unknownZone,
    blackoutDates: batch.blackoutDates,
    holidays: batch.holidays,
    purpose: batch.purpose as DraftChange['purpose'],
    allowCostlyNumbers: batch.allowCostlyNumbers,
    limits: batch.limits,
    retryPolicy: batch.retryPolicy,
    successCriterion: batch.successCriterion,
    circuitBreakers: batch.circuitBreakers,
    note: batch.note,
    labels: batch.labels,
    lawfulOverride: batch.lawfulOverride && { reason: batch.lawfulOverride.reason },
  };
}

/** How a field is called on the page. */
export const FIELD_LABELS: Record<DraftField, string> = {
  name: 'Batch Call Name',
  fromNumberId: 'From Number',
  agentId: 'Voice Agent',
  timeZone: 'Time zone',
  start: 'Start',
  end: 'End',
  window: 'When Calls Can Run',
  hoursIn: 'Whose clock',
  unknownZone: 'Unknown time zones',
  blackoutDates: 'Days off',
  holidays: 'Holidays',
  purpose: 'What these calls are',
  allowCostlyNumbers: 'Costly numbers',
  limits: 'Limits',
  retryPolicy: 'Attempts',
  successCriterion: 'What counts as success',
  circuitBreakers: 'When it pauses by itself',
  note: 'Note',
  labels: 'Labels',
  lawfulOverride: 'Lawful hours',
};

/** Whether two values of a field mean the same, whatever the order of their keys. */
export function isSame(one: unknown, other: unknown): boolean {
  return sorted(one) === sorted(other);
}

function sorted(value: unknown): string {
  return (
    JSON.stringify(value, (_key, each: unknown) =>
      typeof each === 'object' && each !== null && !Array.isArray(each)
        ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
        : each,
    ) ?? ''
  );
}

/** A value of a field, for a person who has to choose between two. Names stand for ids where they are known. */
export function writeValue(field: DraftField, value: unknown, names: ReadonlyMap<string, string>): string {
  if (value === undefined || value === null || value === '') return 'nothing';
  if (value === 'now') return 'Send Now';
  if (typeof value === 'string') return names.get(value) ?? value;
  if (field === 'start' || field === 'end') return (value as { at: string }).at.replace('T', ' ');
  if (field === 'window') return writeWindow(value as NonNullable<DraftChange['window']>);
  if (Array.isArray(value)) return value.map((each) => writeValue(field, each, names)).join(', ') || 'nothing';
  if (typeof value === 'object')
    return Object.entries(value)
      .filter(([, each]) => each !== null && each !== undefined)
      .map(([key, each]) => `${wordsOfKey(key)}: ${writeValue(field, each, names)}`)
      .join(', ');
  return String(value);
}

function writeWindow(window: NonNullable<DraftChange['window']>): string {
  return Object.entries(window)
    .filter(([, ranges]) => ranges.length > 0)
    .map(([day, ranges]) => `${day.slice(0, 3)} ${ranges.map((range) => range.join('-')).join(' ')}`)
    .join(', ');
}

/** `callsPerSecond`, `NO_ANSWER`: as words. */
function wordsOfKey(key: string): string {
  return key
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase();
}
