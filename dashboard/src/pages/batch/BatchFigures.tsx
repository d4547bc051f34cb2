import { Paper, SimpleGrid, Text } from '@mantine/core';
import { roundPace, type Pace } from '../../../../domain/shown/sentence.js';
import type { ReactNode } from 'react';
import type { Batch } from '../../api/client.js';
import { count } from '../../parts/Count.js';
import { ownZone, writeMoment, writeSpan } from '../../parts/moments.js';

const UNKNOWN = '–';

/** The figures that people ask for first. How fast it goes, and until when, only while calls are made. */
export function BatchFigures({ batch, pace }: { batch: Batch; pace: Pace | null }) {
  const { attempts, recipients } = batch.counters;
  const { concurrency } = batch.limits;
  const isRunning = batch.status === 'RUNNING';
  return (
    <SimpleGrid cols={{ base: 2, sm: 4, lg: isRunning ? 7 : 5 }} spacing="xs">
      <Figure label="Sent" value={count(attempts.sent)} note="calls that the provider has taken" />
      <Figure label="Picked Up" value={count(attempts.pickedUp)} note={`of ${count(attempts.sent)} sent`} />
      <Figure label="Successful" value={count(attempts.successful)} note={`of ${count(attempts.pickedUp)} picked up`} />
      <Figure label="Voicemail" value={count(attempts.voicemail)} note="a machine answered" />
      <Figure
        label="Live"
        value={count(recipients.IN_PROGRESS)}
        note={concurrency === null ? 'calls now' : `of ${count(concurrency)} at once`}
      />
      {isRunning && (
        <Figure
          label="Calls/min"
          value={pace ? <About>{count(roundPace(pace.perMinute))}</About> : UNKNOWN}
          note={pace ? `ended, over the last ${writeSpan(pace.overMs)}` : 'not known yet'}
        />
      )}
      {isRunning && <ExpectedEnd batch={batch} pace={pace} />}
    </SimpleGrid>
  );
}

function ExpectedEnd({ batch, pace }: { batch: Batch; pace: Pace | null }) {
  if (!pace?.finishAt) return <Figure label="Expected end" value={UNKNOWN} note="not known yet" />;
  const note = pace.isFirstAttempts ? 'of the first attempts, at this pace' : 'at this pace';
  const moment = writeMoment(pace.finishAt, batch.timeZone ?? ownZone);
  return <Figure label="Expected end" value={<About>{moment}</About>} note={note} />;
}

function About({ children }: { children: string }) {
  return (
    <>
      <Text span size="sm" fw={400}>
        about
      </Text>{' '}
      {children}
    </>
  );
}

function Figure({ label, value, note }: { label: string; value: ReactNode; note: string }) {
  return (
    <Paper withBorder p="xs" role="group" aria-label={label}>
      <Text size="sm" c="dimmed">
        {label}
      </Text>
      <Text size="xl" fw={650} lh={1.2}>
        {value}
      </Text>
      <Text size="xs" c="dimmed">
        {note}
      </Text>
    </Paper>
  );
}
