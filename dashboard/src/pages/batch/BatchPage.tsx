import '../../app/mantine-styles-of-pages.js';
import { Group, Skeleton, Stack, Tabs } from '@mantine/core';
import { Suspense } from 'react';
import { useParams, useSearchParams } from 'react-router';
import { lazyPart } from '../../api/lazy-part.js';
import { useBatch } from '../../api/queries.js';
import { BatchSentence } from '../../parts/batch/BatchSentence.js';
import { ErrorState } from '../../parts/ErrorState.js';
import { ProgressBar } from '../../parts/batch/ProgressBar.js';
import { BatchFigures } from './BatchFigures.js';
import { BatchHeader } from './BatchHeader.js';
import { BatchLegend } from './BatchLegend.js';
import { OtherReasons } from './OtherReasons.js';
import { usePace } from './use-pace.js';

const Overview = lazyPart(async () => (await import('./overview/OverviewTab.js')).OverviewTab);
const Recipients = lazyPart(async () => (await import('./recipients/RecipientsTab.js')).RecipientsTab);
const Activity = lazyPart(async () => (await import('./ActivityTab.js')).ActivityTab);

const Settings = lazyPart(async () => (await import('./settings/SettingsTab.js')).SettingsTab);

const TABS = [
  { name: 'overview', label: 'Overview' },
  { name: 'recipients', label: 'Recipients' },
  { name: 'activity', label: 'Activity' },
  { name: 'settings', label: 'Settings' },
] as const;

/** One batch, as it goes. Tab, filter and open recipient are in the address. */
export function BatchPage() {
  const { batchId = '' } = useParams();
  const [params, setParams] = useSearchParams();
  const batch = useBatch(batchId);
  const pace = usePace(batch.data);
  const tab = TABS.find(({ name }) => name === params.get('tab'))?.name ?? 'overview';
  if (batch.isLoadingError) return <ErrorState error={batch.error} onRetry={() => void batch.refetch()} />;
  if (!batch.data) return <Skeleton h={320} aria-label="Loading" />;
  const { recipients } = batch.data.counters;
  return (
    <Stack gap="sm">
      <BatchHeader batch={batch.data} />
      <BatchSentence batch={batch.data} pace={pace}>
        <OtherReasons batch={batch.data} />
      </BatchSentence>
      <ProgressBar recipients={recipients} height={18} />
      <BatchLegend batch={batch.data} />
      <BatchFigures batch={batch.data} pace={pace} />
      <Tabs value={tab} onChange={(next) => next && setParams({ tab: next })} keepMounted={false}>
        <Tabs.List>
          {TABS.map(({ name, label }) => (
            <Tabs.Tab key={name} value={name}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Group mt="sm" display="block">
          <Suspense fallback={<Skeleton h={200} aria-label="Loading" />}>
            <Tabs.Panel value="overview">
              <Overview batch={batch.data} />
            </Tabs.Panel>
            <Tabs.Panel value="recipients">
              <Recipients batch={batch.data} />
            </Tabs.Panel>
            <Tabs.Panel value="activity">
              <Activity batchId={batchId} />
            </Tabs.Panel>
            <Tabs.Panel value="settings">
              <Settings batch={batch.data} />
            </Tabs.Panel>
          </Suspense>
        </Group>
      </Tabs>
    </Stack>
  );
}
