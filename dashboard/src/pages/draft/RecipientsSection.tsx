import { Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { IconDownload, IconPencilPlus, IconUpload, IconUsers } from '@tabler/icons-react';
import { Suspense, useState } from 'react';
import { useDropzone } from 'react-dropzone';
import { lazyPart } from '../../api/lazy-part.js';
import { counted } from '../../parts/Count.js';
import { showError } from '../../parts/notices.js';
import { ImportLine } from './ImportLine.js';
import { Section } from './Section.js';
import { UploadLine } from './UploadLine.js';
import { NOBODY, type Person } from './by-hand/entered-people.js';
import classes from './draft.module.css';
import { useImports } from './upload/import-queries.js';
import { newImportId, type Upload, type Uploads } from './upload/uploads.js';
import type { Draft } from './use-draft.js';

const AddByHand = lazyPart(async () => (await import('./by-hand/AddByHand.js')).AddByHand);
const ViewRecipients = lazyPart(async () => (await import('./ViewRecipients.js')).ViewRecipients);

type RecipientsProps = { draft: Draft; uploads: Uploads; going: readonly Upload[]; onOpen: (importId: string) => void };

/** Who is called: files by button or by drop, what each has added, and the list. */
export function RecipientsSection({ draft, uploads, going, onOpen }: RecipientsProps) {
  const { batch, saver } = draft;
  const [isViewed, setViewed] = useState(false);
  const [isTyping, setTyping] = useState(false);
  const [typed, setTyped] = useState<readonly Person[]>([NOBODY]);
  const imports = useImports(batch?.id ?? null).data?.data ?? [];
  const shown = imports.filter(
    ({ status, undoneAt, id }) =>
      (status === 'REVIEW' || status === 'CONFIRMED') &&
      undoneAt === null &&
      !going.some((each) => each.importId === id),
  );
  const total = batch?.counters.recipients.total ?? 0;
  const take = (files: readonly File[]): void => {
    const [first, ...others] = files.map((file) => ({ file, importId: newImportId() }));
    if (!first) return;
    saver.ensure().then((batchId) => {
      onOpen(first.importId);
      for (const { file, importId } of [first, ...others]) void uploads.send(batchId, file, { importId });
    }, showError);
  };
  const { getRootProps, getInputProps, open, isDragActive } = useDropzone({
    onDrop: (accepted) => take(accepted),
    noClick: true,
    noKeyboard: true,
  });
  const hasAny = total > 0 || shown.length > 0;
  return (
    <Section id="recipients" title="Upload Recipients">
      <div
        {...getRootProps({ role: 'group', 'aria-label': 'Drop files here' })}
        className={`${classes['drop']} ${isDragActive ? classes['over'] : ''}`}
      >
        <input {...getInputProps({ 'aria-label': 'File of recipients' })} />
        <Stack gap={6} align="center">
          <Group gap="xs" justify="center">
            <Button id="field-recipients" leftSection={<IconUpload size={16} aria-hidden />} onClick={open}>
              {hasAny ? 'Upload Another CSV' : 'Upload CSV'}
            </Button>
            <Text size="sm" c="dimmed" visibleFrom="xs">
              or drop files here
            </Text>
            <Button
              variant="default"
              leftSection={<IconPencilPlus size={16} aria-hidden />}
              onClick={() => setTyping(true)}
            >
              Add by hand
            </Button>
          </Group>
          <Text size="sm">.csv, headers in the first row, up to 50 MB</Text>
          <Text size="xs" c="dimmed">
            Recognised columns: phone_number (phoneNumber, phone number), name, ignore_e164_validation
            (ignoreE164Validation), override agent id, override agent version, metadata, custom_sip_headers, timezone,
            not_before, not_after. Every other column is a variable for the agent (External Params).
          </Text>
          <Anchor href="/v1/imports/template.csv" download size="sm">
            <IconDownload size={14} aria-hidden /> Download the template
          </Anchor>
        </Stack>
      </div>
      {going.map((upload) => (
        <UploadLine key={upload.importId} upload={upload} uploads={uploads} batchId={batch?.id} onOpen={onOpen} />
      ))}
      {hasAny && (
        <Group justify="space-between" role="status" aria-label="Recipients">
          <Group gap="xs">
            <IconUsers size={18} aria-hidden />
            <Text fw={600}>You have added {counted(total, 'recipient', 'recipients')}</Text>
          </Group>
          <Button variant="default" size="xs" disabled={total === 0} onClick={() => setViewed(true)}>
            View Recipients
          </Button>
        </Group>
      )}
      {shown.map((read) => (
        <ImportLine key={read.id} read={read} onOpen={onOpen} />
      ))}
      {isTyping && (
        <Suspense fallback={null}>
          <AddByHand
            people={typed}
            onPeople={setTyped}
            ensure={() => saver.ensure()}
            onClose={() => setTyping(false)}
          />
        </Suspense>
      )}
      {isViewed && batch && (
        <Suspense fallback={null}>
          <ViewRecipients batch={batch} onClose={() => setViewed(false)} />
        </Suspense>
      )}
    </Section>
  );
}
