import { Button, Group, Input, Pill, Stack, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { FieldError } from '../FieldError.js';
import type { DraftForm } from '../use-draft.js';

const NOTE_LENGTH_MAX = 2_000;
const LABEL_LENGTH_MAX = 100;

/** For people and for programs: a note, and labels. Nobody who is called hears them. */
export function Remembered({ draft }: { draft: DraftForm }) {
  const { fields, saving, change } = draft;
  return (
    <Stack gap="xs">
      <Textarea
        id="field-note"
        label="Note"
        description="For your team: nobody who is called hears it."
        dir="auto"
        autosize
        minRows={2}
        maxLength={NOTE_LENGTH_MAX}
        value={fields.note ?? ''}
        error={saving.errors.note}
        onChange={(event) => change({ note: event.currentTarget.value || null })}
      />
      <Input.Wrapper label="Labels" labelElement="div" description="A key and a value, to find batches by in the API.">
        <Labels draft={draft} />
      </Input.Wrapper>
      <FieldError draft={draft} field="labels" />
    </Stack>
  );
}

function Labels({ draft: { fields, change } }: { draft: DraftForm }) {
  const [key, setKey] = useState('');
  const [value, setValue] = useState('');
  const labels = fields.labels ?? {};
  const isWhole = key.trim() !== '' && value.trim() !== '';
  const add = (): void => {
    if (!isWhole) return;
    change({ labels: { ...labels, [key.trim()]: value.trim() } });
    setKey('');
    setValue('');
  };
  return (
    <Stack gap="xs" mt={6} id="field-labels" tabIndex={-1} role="group" aria-label="Labels">
      <Group gap={6}>
        {Object.entries(labels).map(
          ([name, text]) =>
            text !== null && (
              <Pill
                key={name}
                size="md"
                withRemoveButton
                removeButtonProps={{ 'aria-label': `Remove label ${name}`, 'aria-hidden': false, tabIndex: 0 }}
                onRemove={() => change({ labels: { ...labels, [name]: null } })}
              >
                <bdi dir="auto">{name}</bdi>: <bdi dir="auto">{text}</bdi>
              </Pill>
            ),
        )}
      </Group>
      <Group gap="xs">
        <TextInput
          size="xs"
          dir="auto"
          aria-label="Key of the label"
          placeholder="Key"
          maxLength={LABEL_LENGTH_MAX}
          value={key}
          onChange={(event) => setKey(event.currentTarget.value)}
        />
        <TextInput
          size="xs"
          dir="auto"
          aria-label="Value of the label"
          placeholder="Value"
          maxLength={LABEL_LENGTH_MAX}
          value={value}
          onChange={(event) => setValue(event.currentTarget.value)}
          onKeyDown={(event) => event.key === 'Enter' && add()}
        />
        <Button size="xs" variant="default" disabled={!isWhole} onClick={add}>
          Add label
        </Button>
      </Group>
    </Stack>
  );
}
