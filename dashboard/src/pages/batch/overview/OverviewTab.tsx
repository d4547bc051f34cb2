import { Skeleton, SimpleGrid, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Suspense, useState } from 'react';
import { lazyPart } from '../../../api/lazy-part.js';
import { answered, api, type Batch, type Schemas } from '../../../api/client.js';
import { EmptyState } from '../../../parts/EmptyState.js';
import { ErrorState } from '../../../parts/ErrorState.js';
import { CallsOverTime } from './CallsOverTime.js';
import { LiveOverTime } from './LiveOverTime.js';
import { Outcomes } from './Outcomes.js';
import { PickUpByHour } from './PickUpByHour.js';

/** Of its own, since it brings the rules of hours with it. */
const HoursStrip = lazyPart(async () => (await import('./HoursStrip.js')).HoursStrip);

/** Of a batch in these no call is made any more. */
const OVER: readonly Batch['status'][] = ['COMPLETED', 'CANCELLED', 'FAILED'];

/** How high the strip is, from the first paint on. */
const HOURS_PX = 105;

/** Figures of a batch that is open change all the time; the roll-ups behind them do a few times a second. */
const AGAIN_MS = 10_000;
/** Until the first call is in them. */
const FIRST_AGAIN_MS = 2_000;

/** How the calls of a batch went, over time. */
export function OverviewTab({ batch }: { batch: Batch }) {
  const isOpen = batch.status === 'RUNNING' || batch.status === 'PAUSED';
  const series = useQuery({
    queryKey: ['batch', batch.id, 'series'],
    refetchInterval: ({ state: { data } }) => isOpen && (data && hasCalls(data) ? AGAIN_MS : FIRST_AGAIN_MS),
    queryFn: () =>
      answered(api.GET('/v1/batches/{batchId}/series', { params: { path: { batchId: batch.id }, query: {} } })),
  });
  // A batch that ends while it is looked at keeps its strip: nothing moves under the eye.
  const [hasHours] = useState(!OVER.includes(batch.status));
  if (series.isLoadingError) return <ErrorState error={series.error} onRetry={() => void series.refetch()} />;
  return (
    <Stack>
      {hasHours && (
        <Suspense fallback={<Skeleton h={HOURS_PX} aria-label="Loading" />}>
          <HoursStrip batch={batch} />
        </Suspense>
      )}
      {series.data ? (
        <Charts series={series.data} sent={batch.counters.attempts.sent} />
      ) : (
        <Skeleton h={300} aria-label="Loading" />
      )}
    </Stack>
  );
}

function Charts({ series, sent }: { series: Schemas['Series']; sent: number }) {
  if (!hasCalls(series)) return <NoCharts sent={sent} />;
  return (
    <>
      <CallsOverTime series={series} />
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <LiveOverTime series={series} />
        <PickUpByHour series={series} />
      </SimpleGrid>
      <Outcomes series={series} />
    </>
  );
}

function hasCalls({ points }: Schemas['Series']): boolean {
  return points.some(({ sent }) => sent > 0);
}

/** The figures above are counted sooner than what the charts are made of. */
function NoCharts({ sent }: { sent: number }) {
  if (sent > 0)
    return <EmptyState title="The first calls are being counted">The charts follow in a moment.</EmptyState>;
  return <EmptyState title="No call yet">What is shown here begins with the first call.</EmptyState>;
}
