import { Text } from '@mantine/core';
import type { Batch } from '../../../api/client.js';
import { placeOf, writeMoment } from '../../../parts/moments.js';
import { useNow } from '../../../parts/use-now.js';
import { ChartCard } from './ChartCard.js';
import classes from './HoursStrip.module.css';
import { placeOfSpan, stripOf, type Strip } from './hours-strip.js';

const MINUTE_MS = 60_000;

/** When calls may start in the next seven days, and where now is. */
export function HoursStrip({ batch }: { batch: Batch }) {
  const nowMs = Math.floor(useNow(true) / MINUTE_MS) * MINUTE_MS;
  const strip = stripOf(batch, nowMs);
  if (!strip) return null;
  const { midnights, openings } = strip;
  const now = placeOfSpan(strip, nowMs, nowMs);
  return (
    <ChartCard title="Hours" said={saidOf(strip, batch)}>
      <div className={classes['strip']}>
        {openings.map(({ opensAtMs, closesAtMs }) => {
          const { from, width } = placeOfSpan(strip, opensAtMs, closesAtMs);
          return (
            <div
              key={opensAtMs}
              className={classes['open']}
              style={{ insetInlineStart: `${from}%`, inlineSize: `${width}%` }}
            />
          );
        })}
        {midnights.slice(1, -1).map((midnight) => (
          <div
            key={midnight.toMillis()}
            className={classes['midnight']}
            style={{ insetInlineStart: `${placeOfSpan(strip, midnight.toMillis(), midnight.toMillis()).from}%` }}
          />
        ))}
        <div className={classes['now']} style={{ insetInlineStart: `${now.from}%` }} />
      </div>
      <div className={classes['days']}>
        {midnights.slice(0, -1).map((midnight, day) => (
          <Text key={midnight.toMillis()} size="xs" c="dimmed">
            {day === 0 ? 'Today' : midnight.toLocaleString({ weekday: 'short', day: 'numeric' })}
          </Text>
        ))}
      </div>
    </ChartCard>
  );
}

function saidOf({ openings, midnights, nowMs }: Strip, { timeZone, hoursIn }: Batch): string {
  const zone = timeZone ?? 'UTC';
  const write = (ms: number): string => writeMoment(new Date(ms).toISOString(), zone, new Date(nowMs));
  const next = openings.find(({ closesAtMs }) => closesAtMs > nowMs);
  const whose = hoursIn === 'recipient' ? ' By the clock of each recipient; this is how they lie' : ' The line is now:';
  const where =
    hoursIn === 'recipient' ? `${whose} in ${placeOf(zone)}.` : `${whose} ${write(nowMs)} in ${placeOf(zone)}.`;
  if (!next) return `Closed in the next seven days.${where}`;
  if (next.opensAtMs > nowMs) return `Closed; opens ${write(next.opensAtMs)}.${where}`;
  const isAlways = next.closesAtMs >= (midnights.at(-1)?.toMillis() ?? 0);
  return isAlways ? `Open at all hours.${where}` : `Open until ${write(next.closesAtMs)}.${where}`;
}
