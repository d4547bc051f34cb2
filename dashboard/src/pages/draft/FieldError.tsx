import { Text } from '@mantine/core';
import type { DraftField } from './draft-fields.js';
import type { DraftForm } from './use-draft.js';

/** What the server says of a field that has several inputs; those of one input say it themselves. */
export function FieldError({ draft, field }: { draft: DraftForm; field: DraftField }) {
  const said = draft.saving.errors[field];
  if (said === undefined) return null;
  return (
    <Text size="sm" c="var(--tone-red)" role="alert">
      {said}
    </Text>
  );
}
