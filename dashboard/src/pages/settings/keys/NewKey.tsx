import { Alert } from '@mantine/core';
import type { Schemas } from '../../../api/client.js';
import { ShownOnce } from '../../../parts/ShownOnce.js';

/** A key that was just made. */
export function NewKey({ made: { key, name } }: { made: Schemas['NewApiKey'] }) {
  if (key === null) return <Alert role="status">The key was shown already. Roll it to get another one.</Alert>;
  return (
    <ShownOnce value={key} what="the key">
      “{name}” is made. Only its hash is kept here.
    </ShownOnce>
  );
}
