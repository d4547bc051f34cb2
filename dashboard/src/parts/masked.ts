const SHOWN_AT_START = 3;
const SHOWN_AT_END = 2;

/** A number of which only its country and its last digits can be read: for a screen that others see. */
export function masked(phoneNumber: string): string {
  const hidden = phoneNumber.length - SHOWN_AT_START - SHOWN_AT_END;
  if (hidden < 2) return '•'.repeat(phoneNumber.length);
  return `${phoneNumber.slice(0, SHOWN_AT_START)}${'•'.repeat(hidden)}${phoneNumber.slice(-SHOWN_AT_END)}`;
}
