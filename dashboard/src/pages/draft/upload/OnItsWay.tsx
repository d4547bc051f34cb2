import { Alert, Button, FileButton, Group, Progress, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { Suspense } from 'react';
import { lazyPart } from '../../../api/lazy-part.js';
import { DialwrightError, type Batch } from '../../../api/client.js';
import { count } from '../../../parts/Count.js';
import { wordsOf } from '../../../parts/ErrorState.js';
import { writeBytes } from './bytes.js';
import type { Import } from './import-queries.js';
import type { Upload, Uploads } from './uploads.js';

const ChooseColumns = lazyPart(async () => (await import('./ChooseColumns.js')).ChooseColumns);

type OnItsWayProps = {
  upload: Upload;
  batch: Batch;
  uploads: Uploads;
  read: Import | undefined;
  onClose: () => void;
};

/** A file that is being sent and read, with a way to end it; or why it was not read, and what to do. */
export function OnItsWay({ upload, batch, uploads, read, onClose }: OnItsWayProps) {
  const { importId, file, phase, sentBytes, totalBytes, error, readAs, isAgain } = upload;
  const drop = (): void => {
    uploads.drop(importId);
    onClose();
  };
  const send = (next: File, as = readAs): void => void uploads.retry(batch.id, { ...upload, file: next, readAs: as });
  if (phase === 'sending' || phase === 'reading')
    return (
      <Stack>
        <Progress
          value={phase === 'reading' ? 100 : (sentBytes / Math.max(1, totalBytes)) * 100}
          animated={phase === 'reading'}
          aria-label="Upload"
        />
        <Group justify="space-between">
          <Text size="sm" role="status">
            {phase === 'sending'
              ? `${writeBytes(sentBytes)} of ${writeBytes(totalBytes)} sent`
              : read && read.totalRows > 0
                ? `${count(read.totalRows)} rows read: ${count(read.acceptedRows)} accepted, ${count(read.rejectedRows)} rejected`
                : 'The rows are being checked'}
          </Text>
          <Button variant="default" onClick={drop}>
            Stop
          </Button>
        </Group>
      </Stack>
    );
  const isAboutHeaders = error instanceof DialwrightError && error.code === 'csv_headers';
  return (
    <Stack>
      <Alert
        color="red"
        role="alert"
        icon={<IconAlertTriangle aria-hidden />}
        title={phase === 'lost' ? 'The connection was lost' : 'This file could not be read'}
      >
        <Text size="sm">{error && wordsOf(error)}</Text>
        {phase === 'lost' && <Text size="sm">Nothing was added. Retry sends the file again, once.</Text>}
      </Alert>
      {isAboutHeaders && (
        <Suspense fallback={null}>
          <ChooseColumns file={file} readAs={readAs} onRead={(as) => send(file, as)} />
        </Suspense>
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={drop}>
          {isAgain ? 'Keep it as it was' : 'Dismiss'}
        </Button>
        <FileButton accept=".csv,text/csv" onChange={(next) => next && send(next, {})}>
          {(props) => (
            <Button variant="default" {...props}>
              Choose another file
            </Button>
          )}
        </FileButton>
        {phase === 'lost' && <Button onClick={() => send(file)}>Retry</Button>}
      </Group>
    </Stack>
  );
}
