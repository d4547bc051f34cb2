import { useEffect, useRef, useState, type PointerEvent } from 'react';
import { dragged, rangeOf, stretchOf, withDragged, type Drag, type Stretch } from './week-drag.js';
import { dayBefore, MINUTES_PER_DAY, nameOfDay, type Day, type Range } from './week.js';
import classes from './week.module.css';

type DayTrackProps = {
  day: Day;
  ranges: Range[];
  /** The hours of the day before, and which of them end on this day. */
  tails: { ranges: Range[]; indexes: number[] };
  onRanges: (ranges: Range[]) => void;
  onTail: (ranges: Range[]) => void;
};
/** Of the day before: minutes count from its midnight. */
type Dragging = Drag & { isTail: boolean; now: Stretch | null };

const NOTHING: Stretch = { start: 0, end: 0 };
/** Less is a click that was not still. */
const MOVED_MINUTES = 6;

/** One day of the week grid. What is dragged is shown as it goes, and saved when the pointer is let go; Escape ends it. */
export function DayTrack({ day, ranges, tails, onRanges, onTail }: DayTrackProps) {
  const track = useRef<HTMLDivElement>(null);
  const [dragging, setDragging] = useState<Dragging | null>(null);
  const isDragging = dragging !== null;
  useEffect(() => {
    if (!isDragging) return;
    const onKey = (event: KeyboardEvent): void => void (event.key === 'Escape' && setDragging(null));
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [isDragging]);
  const minuteAt = ({ clientX }: PointerEvent, isTail: boolean): number => {
    const { left, width } = track.current!.getBoundingClientRect(); // it is shown: a pointer is on it
    return ((clientX - left) / width) * MINUTES_PER_DAY + (isTail ? MINUTES_PER_DAY : 0);
  };
  const press = (event: PointerEvent, kind: Drag['kind'], index: number | null, isTail = false): void => {
    if (event.button !== 0 || track.current?.closest('fieldset:disabled')) return;
    event.stopPropagation();
    event.preventDefault();
    track.current?.setPointerCapture(event.pointerId);
    const range = index === null ? undefined : (isTail ? tails.ranges : ranges)[index];
    const from = range ? stretchOf(range) : NOTHING;
    setDragging({ kind, index, isTail, from, pressedAt: minuteAt(event, isTail), now: null });
  };
  const move = (event: PointerEvent): void =>
    setDragging((drag) => drag && { ...drag, now: dragged(drag, minuteAt(event, drag.isTail)) });
  /** By where the pointer is let go: the last move may not be drawn yet. */
  const drop = (event: PointerEvent): void => {
    setDragging(null);
    if (!dragging) return;
    const { index, isTail, pressedAt } = dragging;
    const minute = minuteAt(event, isTail);
    if (Math.abs(minute - pressedAt) < MOVED_MINUTES) return;
    const now = dragged(dragging, minute);
    if (isTail) onTail(withDragged(tails.ranges, index, now));
    else onRanges(withDragged(ranges, index, now));
  };
  const shownOf = (index: number, isTail: boolean): Stretch => {
    if (dragging?.now && dragging.index === index && dragging.isTail === isTail) return dragging.now;
    return stretchOf((isTail ? tails.ranges : ranges)[index]!); // of the list
  };
  const name = nameOfDay(day);
  const before = nameOfDay(dayBefore(day));
  return (
    <div className={classes['day']}>
      <span className={classes['name']} aria-hidden>
        {name.slice(0, 3)}
      </span>
      <div
        ref={track}
        className={classes['track']}
        role="img"
        aria-label={`${name}: ${ranges.map((range) => range.join('–')).join(', ') || 'closed'}`}
        onPointerDown={(event) => press(event, 'new', null)}
        onPointerMove={isDragging ? move : undefined}
        onPointerUp={drop}
        onPointerCancel={() => setDragging(null)}
      >
        {tails.indexes.map((index) => (
          <Block
            key={`tail ${index}`}
            stretch={{ start: 0, end: shownOf(index, true).end - MINUTES_PER_DAY }}
            words={`until ${name.slice(0, 3)} ${rangeOf(shownOf(index, true))[1]}, belongs to ${before}`}
            isTail
            onPress={(event, edge) => edge === 'end' && press(event, 'end', index, true)}
          />
        ))}
        {ranges.map((_, index) => (
          <Block
            key={index}
            stretch={shownOf(index, false)}
            words={rangeOf(shownOf(index, false)).join('–')}
            onPress={(event, edge) => press(event, edge, index)}
          />
        ))}
        {dragging?.kind === 'new' && dragging.now && (
          <Block stretch={dragging.now} words={rangeOf(dragging.now).join('–')} />
        )}
      </div>
    </div>
  );
}

type BlockProps = {
  stretch: Stretch;
  words: string;
  isTail?: boolean;
  onPress?: (event: PointerEvent, part: 'start' | 'end' | 'move') => void;
};

function Block({ stretch: { start, end }, words, isTail = false, onPress }: BlockProps) {
  const shownEnd = Math.min(end, MINUTES_PER_DAY);
  const percent = (minutes: number): string => `${(minutes / MINUTES_PER_DAY) * 100}%`;
  if (shownEnd <= start) return null;
  return (
    <div
      className={`${classes['block']} ${isTail ? classes['tail'] : ''}`}
      style={{ insetInlineStart: percent(start), inlineSize: percent(shownEnd - start) }}
      title={words}
      onPointerDown={(event) => onPress?.(event, 'move')}
    >
      {!isTail && <span className={classes['edge']} onPointerDown={(event) => onPress?.(event, 'start')} />}
      <span className={classes['words']}>{words}</span>
      {end <= MINUTES_PER_DAY && (
        <span className={classes['edge']} data-end onPointerDown={(event) => onPress?.(event, 'end')} />
      )}
    </div>
  );
}
