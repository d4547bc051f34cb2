import { Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useState } from 'react';
import { Dialog } from '../../../parts/dialog/Dialog.js';
import type { Batch } from '../../../api/client.js';
import { ErrorState } from '../../../parts/ErrorState.js';
import { Add } from './Add.js';
import { Check } from './Check.js';
import { Columns } from './Columns.js';
import { OnItsWay } from './OnItsWay.js';
import { useImport, type Import } from './import-queries.js';
import type { ReadAs, Upload, Uploads } from './uploads.js';

type UploadDialogProps = {
  importId: string;
  batch: Batch | undefined;
  uploads: Uploads;
  going: Upload | undefined;
  onClose: () => void;
};

const NARROW = '(max-width: 48em)';

/** One file, from its upload until its rows are added. Closing it loses nothing: the import waits in the draft. */
export function UploadDialog({ importId, batch, uploads, going, onClose }: UploadDialogProps) {
  const isThere = going === undefined || going.phase === 'reading';
  const read = useImport(importId, isThere);
  const isNarrow = useMediaQuery(NARROW) ?? false;
  const name = read.data?.fileName ?? going?.file.name;
  return (
    <Dialog
      onClose={onClose}
      hasAddress
      size="78rem"
      fullScreen={isNarrow}
      title={name ? `Upload Recipients: ${name}` : 'Upload Recipients'}
    >
      {going && batch ? (
        <OnItsWay upload={going} batch={batch} uploads={uploads} read={read.data} onClose={onClose} />
      ) : read.isLoadingError ? (
        <ErrorState error={read.error} onRetry={() => void read.refetch()} />
      ) : read.data && batch ? (
        <Steps read={read.data} batch={batch} uploads={uploads} onClose={onClose} />
      ) : (
        <Skeleton h={300} aria-label="Loading" />
      )}
    </Dialog>
  );
}

type StepsProps = { read: Import; batch: Batch; uploads: Uploads; onClose: () => void };

/** Columns, then the rows. It begins with the rows where the phone column was recognised by its header. */
function Steps({ read, batch, uploads, onClose }: StepsProps) {
  const isGuessed = read.columns?.some(({ how }) => how === 'guessed') ?? false;
  const [isAtColumns, setAtColumns] = useState(isGuessed);
  const known = uploads.known(read.id);
  if (read.status !== 'REVIEW') return <NotInReview read={read} onClose={onClose} />;
  if (isAtColumns)
    return (
      <Columns
        read={read}
        known={known}
        onBack={() => setAtColumns(false)}
        onRead={(file: File, readAs: ReadAs) => {
          setAtColumns(false);
          void uploads.sendAgain(read.id, file, readAs);
        }}
      />
    );
  return (
    <Stack gap="sm">
      <Check
        read={read}
        batch={batch}
        readAs={known?.readAs}
        onColumns={() => setAtColumns(true)}
        onReadAgain={
          known && ((readAs: ReadAs) => void uploads.sendAgain(read.id, known.file, { ...known.readAs, ...readAs }))
        }
      />
      <Add read={read} onDone={onClose} />
    </Stack>
  );
}

function NotInReview({ read, onClose }: { read: Import; onClose: () => void }) {
  const words = {
    RECEIVING: 'The file is still being read.',
    CONFIRMED: 'The rows of this file were added.',
    DISCARDED: 'This file was discarded. Upload it again to add its rows.',
    FAILED: read.error?.message ?? 'This file could not be read.',
    REVIEW: '',
  };
  return (
    <Stack>
      <Text>{words[read.status]}</Text>
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
      </Group>
    </Stack>
  );
}
