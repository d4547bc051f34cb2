import { z } from 'zod';
import { PLAIN_HOURS, type BatchHoursSpec } from '../hours/batch-hours.js';
import { holidaysSchema } from '../hours/holidays.js';
import { CALL_PURPOSES } from '../hours/rule-packs/lawful-rule.js';
import { blackoutDatesSchema, type CallWindow } from '../hours/window.js';
import { labelsSchema, type Labels } from './labels.js';
import type { CircuitBreakers } from './circuit-breakers.js';
import type { StoredRetryPolicy } from './retry-policy.js';
import type { StoredCriterion } from './success-criterion.js';

const NOTE_LENGTH_MAX = 2_000;

/**
 * The settings that are stored and shown as they are sent, each in this one place: create, change, duplicate and view take
 * them from here. A new one is a line here and in `BARE_SETTINGS`; it needs no column unless SQL filters or limits by it.
 */
export const plainSettings = {
  hoursIn: z.enum(['batch', 'recipient'], 'hoursIn is "batch" or "recipient"').meta({
    description: "Whose clock the window is read by: the batch's zone, or each recipient's own",
  }),
  unknownZone: z.enum(['hold', 'batch'], 'unknownZone is "hold" or "batch"').meta({
    description: 'A recipient whose time zone nobody knows is held, or called in the zone of the batch',
  }),
  blackoutDates: blackoutDatesSchema.meta({
    description: 'Days on which nobody is called. Replaced as a whole, like every list',
  }),
  holidays: holidaysSchema.meta({
    description: 'Whose public holidays nobody is called on. Replaced as a whole, like every list',
  }),
  purpose: z
    .enum([...CALL_PURPOSES])
    .nullable()
    .meta({
      description:
        "What the calls are for: lawful hours of that purpose apply at each recipient's place, the strictest wins",
    }),
  allowCostlyNumbers: z.boolean().meta({
    description:
      'Premium-rate, shared-cost and personal numbers, whose calls cost more than others, are rejected unless this is true. A change holds for recipients that are added or uploaded from then on',
  }),
  labels: labelsSchema,
  note: z
    .string()
    .trim()
    .max(NOTE_LENGTH_MAX, `a note has at most ${NOTE_LENGTH_MAX} characters`)
    .refine((note) => !note.includes('\0'), 'a note must not contain a NUL character')
    .transform((note) => note || null)
    .nullable()
    .meta({ description: 'For people: what they want to remember of the batch. Can be changed in every status' }),
};
type PlainSettings = { [Name in keyof typeof plainSettings]: z.output<(typeof plainSettings)[Name]> };

/** All settings of a batch as they are stored. `with_settings` in SQL says where each lies. */
export type BatchSettings = Omit<PlainSettings, keyof BatchHoursSpec> &
  BatchHoursSpec & {
    /** These four are null only in a draft that has none yet. */
    name: string | null;
    fromNumberId: string | null;
    agentId: string | null;
    timeZone: string | null;
    /** Null is now: when it is submitted, for a draft. */
    startAt: Date | null;
    /** The last instant at which no call may start any more; null: none. */
    endAt: Date | null;
    /** Start and end as they were written, when that was a local time of `timeZone`. */
    startLocal: string | null;
    endLocal: string | null;
    window: CallWindow | null;
    concurrencyLimit: number | null;
    reservedConcurrency: number;
    callsPerSecond: number | null;
    maxAttempts: number;
    retryPolicy: StoredRetryPolicy;
    successCriterion: StoredCriterion;
    breakers: Partial<CircuitBreakers>;
  };

/** What a batch has that names nothing of it: always open, one attempt, at once, without an end or limits of its own. */
export const BARE_SETTINGS = {
  ...PLAIN_HOURS,
  allowCostlyNumbers: false,
  labels: {} as Labels,
  note: null,
  startAt: null,
  endAt: null,
  startLocal: null,
  endLocal: null,
  window: null,
  concurrencyLimit: null,
  reservedConcurrency: 0,
  callsPerSecond: null,
  maxAttempts: 1,
  retryPolicy: {},
  successCriterion: null,
  breakers: {},
} satisfies Omit<BatchSettings, 'name' | 'fromNumberId' | 'agentId' | 'timeZone'>;

/** What decides a recipient's zone: changed in a draft, where the zones are derived again. Later locked once there is a recipient. */
export const DECIDES_ZONES = ['hoursIn', 'unknownZone', 'purpose'] as const;
/** What decides when calls are allowed, beside start and end: a change raises the hours version (`changes_hours`). */
export const HOURS_SETTINGS = [
  'window',
  'timeZone',
  'blackoutDates',
  'holidays',
  'lawfulOverride',
  ...DECIDES_ZONES,
] as const;
/** What the batch is called and remembered by: changed in every status. */
export const REMEMBERED_BY = ['name', 'note', 'labels'] as const;

/** The settings of a batch that another one may have too: not its name, nor what belongs to its calendar. */
export function settingsToCopy(batch: BatchSettings): Omit<BatchSettings, 'name'> {
  const { notAfter: _passed, ...retryPolicy } = batch.retryPolicy;
  return {
    ...BARE_SETTINGS,
    ...plainSettingsOf(batch),
    fromNumberId: batch.fromNumberId,
    agentId: batch.agentId,
    timeZone: batch.timeZone,
    window: batch.window,
    concurrencyLimit: batch.concurrencyLimit,
    reservedConcurrency: batch.reservedConcurrency,
    callsPerSecond: batch.callsPerSecond,
    maxAttempts: batch.maxAttempts,
    retryPolicy,
    successCriterion: batch.successCriterion,
    breakers: batch.breakers,
  };
}

/** The plain settings among others. */
export function plainSettingsOf<Settings extends Pick<BatchSettings, keyof PlainSettings>>(
  settings: Settings,
): Pick<Settings, keyof PlainSettings> {
  return Object.fromEntries(namesOfPlain().map((name) => [name, settings[name]])) as Pick<
    Settings,
    keyof PlainSettings
  >;
}

type Fields = typeof plainSettings;

/** In a new batch: each may be left out. */
export function newPlainSettings(): { [Name in keyof Fields]: z.ZodDefault<Fields[Name]> } {
  const fields = namesOfPlain().map((name) => [name, (plainSettings[name] as z.ZodType).default(BARE_SETTINGS[name])]);
  return Object.fromEntries(fields) as ReturnType<typeof newPlainSettings>;
}

/** In a change: what is left out stays. */
export function changedPlainSettings(): { [Name in keyof Fields]: z.ZodOptional<Fields[Name]> } {
  const fields = namesOfPlain().map((name) => [name, plainSettings[name].optional()]);
  return Object.fromEntries(fields) as ReturnType<typeof changedPlainSettings>;
}

function namesOfPlain(): (keyof Fields)[] {
  return Object.keys(plainSettings) as (keyof Fields)[];
}
