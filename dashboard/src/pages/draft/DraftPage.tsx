import '../../app/mantine-styles-of-pages.js';
import { Alert, Anchor, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { Suspense } from 'react';
import { Link, Navigate, useParams, useSearchParams } from 'react-router';
import { lazyPart } from '../../api/lazy-part.js';
import { useRoleLacks } from '../../app/session.js';
import { ErrorState } from '../../parts/ErrorState.js';
import { nameOf } from '../../parts/batch/batch-name.js';
import { Basics } from './Basics.js';
import { Conflicts } from './Conflicts.js';
import { How } from './how/How.js';
import { RecipientsSection } from './RecipientsSection.js';
import { Review } from './Review.js';
import { Summary } from './Summary.js';
import { TestCall } from './TestCall.js';
import { useCallers } from './callers.js';
import { useDefaults } from './defaults.js';
import { UPLOAD_PARAM } from './upload/upload-param.js';
import { useUploads } from './upload/use-uploads.js';
import { useDraft } from './use-draft.js';
import { When } from './when/When.js';
import classes from './draft.module.css';

const UploadDialog = lazyPart(async () => (await import('./upload/UploadDialog.js')).UploadDialog);

/** Makes and edits a draft, on one page. It is saved as it is typed; which upload is open is in the address. */
export function DraftPage() {
  const { batchId = null } = useParams();
  const [params, setParams] = useSearchParams();
  const { callers, error, again } = useCallers();
  const { draft, reading } = useDraft(batchId, useDefaults(callers));
  const { uploads, going } = useUploads();
  const lacks = useRoleLacks('operator');
  const { batch } = draft;
  const opened = params.get(UPLOAD_PARAM);
  if (reading.error) return <ErrorState error={reading.error} onRetry={reading.again} />;
  if (error) return <ErrorState error={error} onRetry={again} />;
  if (reading.isPending || !callers) return <Skeleton h={480} aria-label="Loading" />;
  if (batch && batch.status !== 'DRAFT') return <Navigate to={`/batches/${batch.id}`} replace />;
  const open = (importId: string | null): void =>
    setParams(importId === null ? {} : { [UPLOAD_PARAM]: importId }, { replace: importId === null });
  return (
    <Stack gap="sm">
      <div>
        <Anchor component={Link} to="/batches" size="sm">
          <IconArrowLeft size={14} aria-hidden /> Batch Calls
        </Anchor>
        <Title order={1} size="h2" style={{ overflowWrap: 'anywhere' }}>
          {batch?.name ? (
            <>
              Draft: <bdi dir="auto">{nameOf(batch)}</bdi>
            </>
          ) : (
            'Create Batch Call'
          )}
        </Title>
      </div>
      {lacks !== null && (
        <Alert color="gray" title="You can look, and change nothing">
          <Text size="sm">{lacks}</Text>
        </Alert>
      )}
      <Conflicts draft={draft} callers={callers} />
      <div className={classes['page']}>
        <fieldset className={classes['form']} disabled={lacks !== null} aria-label="The draft">
          <Basics draft={draft} callers={callers} />
          <RecipientsSection draft={draft} uploads={uploads} going={going} onOpen={open} />
          <When draft={draft} />
          <How draft={draft} />
          <Review draft={draft} />
          <TestCall batch={batch} />
        </fieldset>
        <Summary draft={draft} onOpenImport={open} />
      </div>
      {opened !== null && (
        <Suspense fallback={null}>
          <UploadDialog
            key={opened}
            importId={opened}
            batch={batch}
            uploads={uploads}
            going={going.find(({ importId }) => importId === opened)}
            onClose={() => open(null)}
          />
        </Suspense>
      )}
    </Stack>
  );
}
