import type { OperationsPlan } from './plan-operations.js';

/** Numbers that the main batch does not have. */
const SIDE_PREFIX = '+1312220';

export function sidePhone(end: string): string {
  return `${SIDE_PREFIX}${end}`;
}

const PLACED_AT_ONCE = { dropBeforeAccept: 0, answer429: 0, answer500: 0, dropAfterAccept: 0 };
/** Below the greatest call length of the account. */
export const LONG_CALL_MS = 9_000;

/** What the carrier does with the numbers of the rounds that need it: who does not answer, and which calls are in doubt. */
export function sideNumberSettings({ retries, keys }: OperationsPlan): Record<string, unknown> {
  const ofRetries = [{ outcome: 'ANSWERED' }, { outcome: 'NO_ANSWER' }, { outcome: 'BUSY' }];
  const ofKeys = [
    { outcome: 'ANSWERED', callLengthMs: LONG_CALL_MS, faults: PLACED_AT_ONCE },
    { faults: { dropAfterAccept: 1 } },
    { faults: { dropBeforeAccept: 0.6 } },
    { faults: { answer500AfterAccept: 1 } },
    { faults: { answer500: 0.6 } },
  ];
  const settingsOf = (ends: string[], settings: Record<string, unknown>[]): [string, unknown][] =>
    settings.map((one, index) => [sidePhone(ends[index] ?? ''), one]);
  return Object.fromEntries([
    ...retries.flatMap(({ ends }) => settingsOf(ends, ofRetries)),
    ...keys.flatMap(({ ends }) => settingsOf(ends, ofKeys)),
  ]);
}
