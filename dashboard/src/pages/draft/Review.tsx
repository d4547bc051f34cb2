import { Alert, Button, Skeleton, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { Schemas } from '../../api/client.js';
import { count, counted } from '../../parts/Count.js';
import { ErrorState } from '../../parts/ErrorState.js';
import { Moment } from '../../parts/Moment.js';
import { ownZone, placeOf, writeMoment, writeSpan } from '../../parts/moments.js';
import { Section } from './Section.js';
import classes from './draft.module.css';
import { usePreflight } from './preflight.js';
import type { Draft } from './use-draft.js';

const HOURS_SHOWN = 12;

/** What the batch would do: calls for each hour, when it would be done, and who is not called. */
export function Review({ draft: { batch } }: { draft: Draft }) {
  const isAsked = batch?.timeZone != null && batch.window !== null;
  const preflight = usePreflight(batch, isAsked);
  const zone = batch?.timeZone ?? ownZone;
  const hasRecipients = (batch?.counters.recipients.total ?? 0) > 0;
  return (
    <Section id="review" title="Review" note="What would happen, with the limits as they are and no other batch.">
      {(!hasRecipients || !isAsked) && (
        <Text size="sm" c="dimmed">
          Add recipients and say when calls can run: then this shows how many are called in each hour, and when it is
          done.
        </Text>
      )}
      {preflight.isLoadingError && <ErrorState error={preflight.error} onRetry={() => void preflight.refetch()} />}
      {preflight.isLoading && <Skeleton h={120} aria-label="Loading" />}
      {preflight.data && hasRecipients && <Foreseen preflight={preflight.data} zone={zone} />}
    </Section>
  );
}

function Foreseen({ preflight, zone }: { preflight: Schemas['Preflight']; zone: string }) {
  const { expectedFinish, blocked, warnings, assumed, recipients } = preflight;
  const place = zone === ownZone ? '' : ` (${placeOf(zone)})`;
  const reasons = [
    [blocked.suppressed, 'on Do not call: never called'],
    [blocked.zoneUnknown, 'whose time zone is unknown: they wait'],
    [blocked.neverOpen, 'whose hours and those of the batch have no time in common'],
    [blocked.notInTime, 'left over after 14 days'],
  ] as const;
  return (
    <Stack gap="xs">
      <Text size="sm">
        {expectedFinish ? (
          <>
            Done about <Moment at={expectedFinish} zone={zone} />
            {place}
          </>
        ) : (
          'Not done within 14 days'
        )}
        : {counted(recipients, 'recipient', 'recipients')}, at most {count(assumed.concurrency)} calls at once, a call
        taken to last {writeSpan(assumed.callLengthMs)}.
      </Text>
      {reasons.some(([many]) => many > 0) && (
        <Alert color="yellow" title="Not everybody is called" role="note">
          {reasons.map(
            ([many, why]) =>
              many > 0 && (
                <Text key={why} size="sm">
                  {count(many)} {why}
                </Text>
              ),
          )}
        </Alert>
      )}
      {warnings.map(({ code, message }) => (
        <Text key={code} size="sm" c="var(--tone-amber)">
          {message}
        </Text>
      ))}
      <Hours hours={preflight.hours} zone={zone} />
    </Stack>
  );
}

/** A bar for each hour with a call. */
function Hours({ hours, zone }: { hours: Schemas['Preflight']['hours']; zone: string }) {
  const [isWhole, setWhole] = useState(false);
  const busy = hours.filter(({ calls }) => calls > 0);
  if (busy.length === 0) return null;
  const most = Math.max(...busy.map(({ calls }) => calls));
  const shown = isWhole ? busy : busy.slice(0, HOURS_SHOWN);
  return (
    <>
      <Stack gap={2} component="ul" m={0} p={0} aria-label="Calls in each hour">
        {shown.map(({ start, calls }) => (
          <li key={start} className={classes['hour']}>
            <span>{writeMoment(start, zone)}</span>
            <div className={classes['bar']} style={{ inlineSize: `${(calls / most) * 100}%` }} aria-hidden />
            <span>{counted(calls, 'call', 'calls')}</span>
          </li>
        ))}
      </Stack>
      {busy.length > shown.length && (
        <Button variant="subtle" size="xs" onClick={() => setWhole(true)}>
          Show all {count(busy.length)} hours
        </Button>
      )}
    </>
  );
}
