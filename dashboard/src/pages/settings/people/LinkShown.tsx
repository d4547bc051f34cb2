import { Alert, Stack, Text } from '@mantine/core';
import type { Schemas } from '../../../api/client.js';
import { ShownOnce } from '../../../parts/ShownOnce.js';

/** Where a link went: by mail, or to be given to the person. */
export function LinkShown({ made: { link, sentTo, notSentBecause } }: { made: Schemas['MemberLink'] }) {
  if (sentTo !== null)
    return (
      <Alert color="green" role="status">
        A mail with the link is on its way to {sentTo}.
      </Alert>
    );
  if (link === null) return <Alert role="status">The link was shown already. Make another one.</Alert>;
  return (
    <Stack gap="xs">
      {notSentBecause !== null && <Text size="sm">No mail was sent: {notSentBecause}</Text>}
      <ShownOnce value={link} what="the link">
        Give it to this person alone: whoever has it gets in. It is good once, within a day.
      </ShownOnce>
    </Stack>
  );
}
