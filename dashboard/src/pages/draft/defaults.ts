import { useBatches } from '../../api/queries.js';
import { ownZone } from '../../parts/moments.js';
import { boundAgent, soleNumber, type Callers } from './callers.js';
import type { DraftFields } from './draft-fields.js';

const WORKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'] as const;
const ALL_DAYS = [...WORKDAYS, 'saturday', 'sunday'] as const;

export const OFFICE_HOURS = Object.fromEntries(WORKDAYS.map((day) => [day, [['09:00', '18:00']]]));
/** Only where calls are simulated: a demo that is closed on a Sunday shows nothing. */
const ALWAYS = Object.fromEntries(ALL_DAYS.map((day) => [day, [['00:00', '24:00']]]));

/**
 * What a new draft begins with: office hours in the zone of the last batch, else in that of the browser, and the number where
 * there is no choice.
 */
export function useDefaults(callers: Callers | undefined): DraftFields {
  const newest = useBatches({}).data?.pages[0]?.data.find(({ timeZone }) => timeZone !== null);
  const number = callers && soleNumber(callers);
  const agent = callers && boundAgent(callers, number);
  const isSimulated =
    callers !== undefined &&
    callers.numbers.length > 0 &&
    callers.numbers.every(({ account }) => account?.kind === 'simulator');
  return {
    timeZone: newest?.timeZone ?? ownZone,
    start: 'now',
    end: null,
    window: (isSimulated ? ALWAYS : OFFICE_HOURS) as NonNullable<DraftFields['window']>,
    hoursIn: 'batch',
    unknownZone: 'hold',
    blackoutDates: [],
    holidays: [],
    purpose: null,
    allowCostlyNumbers: false,
    limits: { concurrency: null, reservedConcurrency: 0, callsPerSecond: null },
    retryPolicy: { maxAttempts: 1 },
    successCriterion: { kind: 'analysis' },
    ...(number && { fromNumberId: number.id }),
    ...(agent && { agentId: agent.id }),
  };
}
