import { Button, Group, Progress, Stack, Text } from '@mantine/core';
import { wordsOf } from '../../parts/ErrorState.js';
import { writeBytes } from './upload/bytes.js';
import type { Upload, Uploads } from './upload/uploads.js';

type UploadLineProps = {
  upload: Upload;
  uploads: Uploads;
  batchId: string | undefined;
  onOpen: (importId: string) => void;
};

/** An upload beside the form, while its dialog is closed: how far it is, and what stopped it. */
export function UploadLine({ upload, uploads, batchId, onOpen }: UploadLineProps) {
  const { importId, file, phase, sentBytes, totalBytes, error } = upload;
  const isOver = phase === 'lost' || phase === 'refused';
  return (
    <Stack gap={4} role="group" aria-label={`Upload of ${file.name}`}>
      <Group justify="space-between" gap="xs">
        <Text size="sm" truncate maw={300} title={file.name}>
          <bdi dir="auto">{file.name}</bdi>
        </Text>
        <Group gap="xs">
          <Text size="sm" c={isOver ? 'var(--tone-red)' : 'dimmed'}>
            {isOver
              ? error && wordsOf(error)
              : phase === 'reading'
                ? 'The rows are being checked'
                : `${writeBytes(sentBytes)} of ${writeBytes(totalBytes)}`}
          </Text>
          {phase === 'lost' && batchId !== undefined && (
            <Button size="xs" variant="default" onClick={() => void uploads.retry(batchId, upload)}>
              Retry
            </Button>
          )}
          <Button size="xs" variant="default" onClick={() => onOpen(importId)}>
            Open
          </Button>
          <Button size="xs" variant="subtle" color="gray" onClick={() => uploads.drop(importId)}>
            {isOver ? 'Dismiss' : 'Stop'}
          </Button>
        </Group>
      </Group>
      {!isOver && <Progress value={(sentBytes / Math.max(1, totalBytes)) * 100} aria-label="Sent" />}
    </Stack>
  );
}
