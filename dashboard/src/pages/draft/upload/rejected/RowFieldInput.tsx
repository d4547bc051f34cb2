import { Checkbox, Textarea, TextInput } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import type { Ref } from 'react';
import type { RowField } from './row-fields.js';

type RowFieldInputProps = {
  field: RowField;
  value: string;
  problem: string | null;
  /** It was looked at since the row was opened, and is right. */
  isMended: boolean;
  inputRef: Ref<HTMLInputElement & HTMLTextAreaElement> | undefined;
  onChange: (value: string) => void;
};

const TRUE_WORDS: readonly string[] = ['true', '1', 'yes', 'y'];
const NUMBERS: readonly RowField['kind'][] = ['phoneNumber', 'notBefore', 'notAfter'];

/** One cell of a row, with what is wrong below it, or a mark that it is right. */
export function RowFieldInput({ field, value, problem, isMended, inputRef, onChange }: RowFieldInputProps) {
  const { kind, label, header } = field;
  const common = {
    label,
    error: problem,
    size: 'sm',
    ...(label !== header && kind !== 'variable' && kind !== 'extra' && { description: header }),
    rightSection: isMended ? <IconCheck size={16} color="var(--tone-green)" aria-label="right" /> : null,
  } as const;
  if (kind === 'ignoreE164Validation' && (problem === null || value === 'true' || value === ''))
    return (
      <Checkbox
        label={label}
        description="The number is dialled as it is written. Custom telephony only."
        checked={TRUE_WORDS.includes(value.trim().toLowerCase())}
        error={problem}
        onChange={(event) => onChange(event.currentTarget.checked ? 'true' : 'false')}
      />
    );
  if (kind === 'metadata' || kind === 'customSipHeaders')
    return (
      <Textarea
        {...common}
        ref={inputRef}
        dir="ltr"
        autosize
        minRows={1}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    );
  return (
    <TextInput
      {...common}
      ref={inputRef}
      dir={NUMBERS.includes(kind) ? 'ltr' : 'auto'}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
