import { Suspense } from 'react';
import { Skeleton, Stack, Text } from '@mantine/core';
import { lazyPart } from '../../../api/lazy-part.js';
import { Section } from '../Section.js';
import type { Draft } from '../use-draft.js';
import { Clock } from './Clock.js';
import { DaysOff } from './DaysOff.js';
import { End } from './End.js';
import { Hours } from './Hours.js';
import { LawfulHours } from './LawfulHours.js';
import { Purpose } from './Purpose.js';
import { Start } from './Start.js';

const OpenNext = lazyPart(async () => (await import('./OpenNext.js')).OpenNext);

/** When the first call may start, in which hours, by whose clock, on which days, and what the calls are. */
export function When({ draft }: { draft: Draft }) {
  return (
    <Section
      id="when"
      title="When Calls Can Run"
      note="Outside these hours calls wait; none is skipped. When all slots are busy, calls queue."
    >
      <Stack gap="lg">
        <Start draft={draft} />
        <Hours draft={draft} />
        <Suspense fallback={<Skeleton h={60} aria-label="Loading" />}>
          <OpenNext draft={draft} />
        </Suspense>
        <Clock draft={draft} />
        <DaysOff draft={draft} />
        <End draft={draft} />
        <Purpose draft={draft} />
        <LawfulHours draft={draft} />
      </Stack>
      {draft.batch?.zonesOutstanding && (
        <Text size="sm" c="dimmed" role="status">
          The time zones of the recipients are being found again.
        </Text>
      )}
    </Section>
  );
}
