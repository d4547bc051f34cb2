import { ATTEMPT_STATES, type AttemptState } from '../../../../domain/calls/attempt-state.js';
import { OUTCOMES, type Outcome } from '../../../../domain/calls/outcomes.js';

/** What the address says of which calls are shown. */
export type CallFilter = {
  /** Days of who looks, `2026-03-29`; both are shown whole. */
  fromDay: string;
  untilDay: string;
  outcomes: Outcome[];
  states: AttemptState[];
  batchId: string | null;
  fromNumberId: string | null;
  agentId: string | null;
};

/** As the API is asked. */
export type CallQuery = {
  from?: string;
  until?: string;
  outcome?: Outcome[];
  state?: AttemptState[];
  batchId?: string;
  fromNumberId?: string;
  agentId?: string;
};

const DAY = /^\d{4}-\d{2}-\d{2}$/;
/** Shown unless the address says otherwise. */
const DAYS_SHOWN = 7;

export function filterOf(params: URLSearchParams, now = new Date()): CallFilter {
  const day = (name: string): string | null => {
    const text = params.get(name);
    return text !== null && DAY.test(text) && instantOf(text) !== null ? text : null;
  };
  return {
    fromDay: day('from') ?? dayBefore(now, DAYS_SHOWN - 1),
    untilDay: day('until') ?? dayBefore(now, 0),
    outcomes: OUTCOMES.filter((each) => params.getAll('outcome').includes(each)),
    states: ATTEMPT_STATES.filter((each) => params.getAll('state').includes(each)),
    batchId: params.get('batch'),
    fromNumberId: params.get('number'),
    agentId: params.get('agent'),
  };
}

export function queryOf(filter: CallFilter): CallQuery {
  const { outcomes, states, batchId, fromNumberId, agentId } = filter;
  return {
    ...spanOf(filter),
    ...(outcomes.length > 0 && { outcome: outcomes }),
    ...(states.length > 0 && { state: states }),
    ...(batchId !== null && { batchId }),
    ...(fromNumberId !== null && { fromNumberId }),
    ...(agentId !== null && { agentId }),
  };
}

/** From the first instant of the first day until the last day is over. */
export function spanOf({ fromDay, untilDay }: Pick<CallFilter, 'fromDay' | 'untilDay'>): {
  from: string;
  until: string;
} {
  const [from, last] = [instantOf(fromDay) ?? new Date(), instantOf(untilDay) ?? new Date()];
  const until = new Date(last.getFullYear(), last.getMonth(), last.getDate() + 1);
  return { from: from.toISOString(), until: until.toISOString() };
}

/** The day that was so many days before `now`, as the address has it. */
export function dayBefore(now: Date, days: number): string {
  const day = new Date(now.getFullYear(), now.getMonth(), now.getDate() - days);
  const two = (figure: number): string => String(figure).padStart(2, '0');
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

/** The address of the same calls as CSV. */
export function csvAddress(query: CallQuery): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) for (const each of [value].flat()) params.append(name, each);
  return `/v1/calls.csv?${params.toString()}`;
}

/** Midnight of a day where the browser is; null when there is no such day. */
function instantOf(day: string): Date | null {
  const [year = NaN, month = NaN, date = NaN] = day.split('-').map(Number);
  const instant = new Date(year, month - 1, date);
  return instant.getMonth() === month - 1 ? instant : null;
}
