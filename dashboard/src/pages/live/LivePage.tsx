import '../../app/mantine-styles-of-pages.js';
import { Group, SimpleGrid, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useUsage } from '../../api/queries.js';
import { ErrorState } from '../../parts/ErrorState.js';
import { ownZone, writeClock } from '../../parts/moments.js';
import { BackedOffNumbers } from './BackedOffNumbers.js';
import { BatchShares } from './BatchShares.js';
import { LiveCalls } from './LiveCalls.js';
import { SlotsPanel } from './SlotsPanel.js';
import { SystemNotes } from './SystemNotes.js';

const EVERY_MS = 3_000;

/** What the workspace calls at this moment, and what keeps it from calling more. Read again every few seconds while it is seen. */
export function LivePage() {
  const usage = useUsage(EVERY_MS);
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1} size="h2">
          Live
        </Title>
        {usage.data && (
          <Text size="sm" c="dimmed">
            Counted {writeClock(usage.data.at, ownZone)}
          </Text>
        )}
      </Group>
      {usage.isLoadingError && <ErrorState error={usage.error} onRetry={() => void usage.refetch()} />}
      {usage.isPending && <Skeleton h={200} aria-label="Loading" />}
      {usage.data && (
        <>
          <SystemNotes usage={usage.data} />
          <SimpleGrid cols={{ base: 1, md: 2 }}>
            <SlotsPanel usage={usage.data} />
            <BackedOffNumbers numbers={usage.data.backedOffNumbers} />
          </SimpleGrid>
          <BatchShares batches={usage.data.batches} />
        </>
      )}
      <LiveCalls everyMs={EVERY_MS} />
    </Stack>
  );
}
