import { ActionIcon, Group, TextInput } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import type { Person } from './entered-people.js';

type PersonLineProps = {
  index: number;
  person: Person;
  problem: string | null;
  /** The line that was added last has the focus. */
  isLast: boolean;
  onChange: (person: Person) => void;
  /** @returns whether the text was taken as lines */
  onPaste: (text: string) => boolean;
  onRemove: () => void;
};

/** A person: number and name. */
export function PersonLine({ index, person, problem, isLast, onChange, onPaste, onRemove }: PersonLineProps) {
  const who = `person ${index + 1}`;
  return (
    <Group gap="xs" align="flex-start" role="group" aria-label={`Person ${index + 1}`}>
      <TextInput
        type="tel"
        dir="ltr"
        flex="1 1 12rem"
        aria-label={`Phone number of ${who}`}
        placeholder="+12025550123"
        data-autofocus={isLast || undefined}
        autoFocus={isLast && index > 0}
        value={person.phoneNumber}
        error={problem}
        onPaste={(event) => onPaste(event.clipboardData.getData('text')) && event.preventDefault()}
        onChange={(event) => onChange({ ...person, phoneNumber: event.currentTarget.value })}
      />
      <TextInput
        dir="auto"
        flex="1 1 10rem"
        aria-label={`Name of ${who}`}
        placeholder="Name"
        value={person.name}
        onChange={(event) => onChange({ ...person, name: event.currentTarget.value })}
      />
      <ActionIcon variant="subtle" color="gray" size="input-sm" aria-label={`Remove ${who}`} onClick={onRemove}>
        <IconX size={16} aria-hidden />
      </ActionIcon>
    </Group>
  );
}
