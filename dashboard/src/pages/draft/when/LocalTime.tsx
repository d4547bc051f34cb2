import { TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { isLocal, localPartsOf } from './local-time.js';

const TIME = /^\d\d:\d\d$/;
const DATE = /^\d{4}-\d\d-\d\d$/;

type LocalTimeProps = {
  /** A local time, or an instant with its offset. */
  at: string;
  zone: string;
  /** Before "date" and "time", where a page has several. */
  of?: string;
  onChange: (at: string) => void;
};

/** A date and a time by the clock of a zone. Kept as it is typed; what is not whole yet is not handed on. */
export function LocalTime({ at, zone, of, onChange }: LocalTimeProps) {
  const { date, time } = isLocal(at) ? { date: at.slice(0, 10), time: at.slice(11, 16) } : localPartsOf(at, zone);
  const [typed, setTyped] = useState({ date, time });
  useEffect(() => setTyped({ date, time }), [date, time]);
  const type = (next: Partial<typeof typed>): void => {
    const now = { ...typed, ...next };
    setTyped(now);
    if (DATE.test(now.date) && TIME.test(now.time)) onChange(`${now.date}T${now.time}`);
  };
  return (
    <>
      <TextInput
        type="date"
        label={of ? `${of} date` : 'Date'}
        required
        value={typed.date}
        onChange={(event) => type({ date: event.currentTarget.value })}
      />
      <TextInput
        type="time"
        label={of ? `${of} time` : 'Time'}
        required
        value={typed.time}
        onChange={(event) => type({ time: event.currentTarget.value })}
      />
    </>
  );
}
