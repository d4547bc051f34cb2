import { Tooltip } from '@mantine/core';
import { ownZone, placeOf, writeFullMoment, writeMoment } from './moments.js';

type MomentProps = {
  at: string;
  /** Of the batch; left out: of who looks. */
  zone?: string | null;
};

/** A time in the zone of the batch; who points at it, or goes there by keyboard, sees it in their own, too. */
export function Moment({ at, zone }: MomentProps) {
  const shown = zone ?? ownZone;
  const isOwn = shown === ownZone;
  const full = `${writeFullMoment(at, shown)}, ${placeOf(shown)}`;
  const label = isOwn ? full : `${full}. For you: ${writeFullMoment(at, ownZone)}`;
  return (
    <Tooltip label={label}>
      <time dateTime={at} tabIndex={0}>
        {writeMoment(at, shown)}
      </time>
    </Tooltip>
  );
}
