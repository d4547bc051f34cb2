import { Button, CloseButton, Group, Kbd, Paper, Stack, Text, Title } from '@mantine/core';
import { IconDeviceFloppy } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { answered, api } from '../../../../api/client.js';
import { useGuardedMutation } from '../../../../app/changes/use-guarded-mutation.js';
import { count } from '../../../../parts/Count.js';
import { showError } from '../../../../parts/notices.js';
import { RowFieldInput } from './RowFieldInput.js';
import { takeImport, type ImportRow } from '../import-queries.js';
import { fieldsOfRow, problemsByHeader } from './row-fields.js';
import classes from '../upload.module.css';
import { useRowCheck, type Checked } from './use-row-check.js';

type RowEditorProps = Checked & {
  row: ImportRow;
  hasNext: boolean;
  onSaved: (isNext: boolean) => void;
  onClose: () => void;
};

/** Repairs one rejected row. What is typed is checked at once; what is right is saved, and the row is accepted then. */
export function RowEditor({ row, hasNext, onSaved, onClose, ...checked }: RowEditorProps) {
  const { read } = checked;
  const client = useQueryClient();
  const [cells, setCells] = useState<Record<string, string>>(row.cells ?? {});
  const { problems, isValid } = useRowCheck(checked, row, cells);
  const fields = fieldsOfRow(row, read.columns ?? []);
  const wrong = problemsByHeader(problems, fields);
  const first = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  const firstHeader = fields.find(({ header }) => problemsByHeader(row.problems, fields).has(header))?.header;
  useEffect(() => first.current?.focus(), []);
  const save = useGuardedMutation({
    mutationFn: (_isNext: boolean) =>
      answered(
        api.PATCH('/v1/imports/{importId}/rows/{rowNumber}', {
          params: { path: { importId: read.id, rowNumber: row.rowNumber } },
          body: { values: changedOf(row.cells ?? {}, cells) },
        }),
      ),
    onSuccess: (answer, isNext) => {
      takeImport(client, answer.import);
      if (answer.row.accepted) onSaved(isNext);
    },
    onError: showError,
  });
  const trySave = (isNext: boolean): void => void (isValid && save.mutate(isNext));
  return (
    <Paper
      withBorder
      p="sm"
      component="form"
      noValidate
      className={classes['editor']}
      aria-label={`Edit row ${row.rowNumber}`}
      onSubmit={(event) => {
        event.preventDefault();
        trySave(false);
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        trySave(hasNext);
      }}
    >
      <Stack gap="xs">
        <Group justify="space-between">
          <Title order={3} size="h6">
            Row {count(row.rowNumber)}
          </Title>
          <CloseButton aria-label="Close the editor" onClick={onClose} />
        </Group>
        {wrong.has('') && (
          <Text size="sm" c="var(--tone-red)" role="alert">
            {wrong.get('')}
          </Text>
        )}
        {fields.map((field) => (
          <RowFieldInput
            key={field.header}
            field={field}
            value={cells[field.header] ?? ''}
            problem={wrong.get(field.header) ?? null}
            isMended={cells !== row.cells && !wrong.has(field.header)}
            inputRef={field.header === firstHeader ? first : undefined}
            onChange={(value) => setCells({ ...cells, [field.header]: value })}
          />
        ))}
        <Text size="xs" c="dimmed">
          Column names are fixed; to change them, upload again.
        </Text>
        <Group gap="xs" className={classes['save']}>
          <Button
            type="submit"
            size="xs"
            disabled={!isValid}
            loading={save.isPending}
            leftSection={<IconDeviceFloppy size={14} aria-hidden />}
          >
            Save
          </Button>
          <Button size="xs" variant="default" disabled={!isValid || !hasNext} onClick={() => trySave(true)}>
            Save and next
          </Button>
          <Text size="xs" c="dimmed">
            <Kbd>Ctrl</Kbd> <Kbd>Enter</Kbd>
          </Text>
        </Group>
      </Stack>
    </Paper>
  );
}

function changedOf(before: Readonly<Record<string, string>>, now: Readonly<Record<string, string>>) {
  return Object.fromEntries(Object.entries(now).filter(([header, value]) => before[header] !== value));
}
