import { useComputedColorScheme } from '@mantine/core';
import { PROGRESS_PARTS } from '../../../../domain/shown/progress-parts.js';
import { RECIPIENT_SHOWN } from '../../../../domain/shown/statuses.js';
import type { Schemas } from '../../api/client.js';
import { count } from '../Count.js';
import classes from './ProgressBar.module.css';

type Recipients = Schemas['Counters']['recipients'];

/** One bar of parts that add up to all recipients. */
export function ProgressBar({ recipients, height = 12 }: { recipients: Recipients; height?: number }) {
  const scheme = useComputedColorScheme('light');
  const parts = PROGRESS_PARTS.filter(({ status }) => recipients[status] > 0);
  const said = parts.map(({ status }) => `${RECIPIENT_SHOWN[status].label} ${count(recipients[status])}`);
  return (
    <div className={classes['bar']} style={{ height }} role="img" aria-label={said.join(', ') || 'No recipients'}>
      {parts.map((part) => (
        <div
          key={part.status}
          className={`${classes['part']} ${classes[part.pattern]}`}
          style={{ flexGrow: recipients[part.status], backgroundColor: part[scheme] }}
        />
      ))}
    </div>
  );
}
