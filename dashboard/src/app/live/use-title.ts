import { useDocumentVisibility } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useLocation } from 'react-router';
import { answered, api } from '../../api/client.js';
import { keys, useBatch } from '../../api/queries.js';
import { nameOf } from '../../parts/batch/batch-name.js';
import { count } from '../../parts/Count.js';
import { PAGES } from '../pages.js';

const BATCH = /^\/batches\/(bat_[0-9a-f]+)/;
/** While nobody looks at the tab. */
const COUNTED_EVERY_MS = 15_000;

/** The title of the tab: the page; while it is hidden and calls are live, how many: of the batch it shows, else of all. */
export function useTitle(workspaceName: string): void {
  const { pathname } = useLocation();
  const isHidden = useDocumentVisibility() === 'hidden';
  const batchId = BATCH.exec(pathname)?.[1] ?? null;
  const batch = useBatch(batchId).data;
  const usage = useQuery({
    queryKey: keys.usage,
    enabled: isHidden && batchId === null,
    refetchInterval: COUNTED_EVERY_MS,
    refetchIntervalInBackground: true,
    queryFn: () => answered(api.GET('/v1/workspace/usage')),
  }).data;
  const live = (batchId === null ? usage?.slots.held : batch?.counters.recipients.IN_PROGRESS) ?? 0;
  const isCounted = isHidden && live > 0;
  const title = isCounted
    ? `${count(live)} live: ${batch ? nameOf(batch) : workspaceName}`
    : `${batch ? nameOf(batch) : pageName(pathname)} · Dialwright`;
  useEffect(() => {
    document.title = title;
  }, [title]);
}

function pageName(pathname: string): string {
  if (pathname === '/batches/new') return 'Create Batch Call';
  return PAGES.find(({ to }) => pathname.startsWith(to))?.label ?? 'Not found';
}
