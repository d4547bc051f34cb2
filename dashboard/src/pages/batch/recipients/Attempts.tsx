import { Paper, Stack, Text } from '@mantine/core';
import type { Batch, Schemas } from '../../../api/client.js';
import { CallDetail } from '../../../parts/call/CallDetail.js';
import { Verdict } from './Verdict.js';

type AttemptsProps = { recipient: Schemas['RecipientWithAttempts']; batch: Batch };

/** Each call that was made, the newest first. */
export function Attempts({ recipient: { attempts, maxAttempts, name }, batch }: AttemptsProps) {
  if (attempts.length === 0) return <Text c="dimmed">Not called yet.</Text>;
  return (
    <Stack gap="xs">
      {[...attempts].reverse().map((attempt) => (
        <Paper key={attempt.id} withBorder p="sm" component="section" aria-label={`Attempt ${attempt.number}`}>
          <CallDetail
            call={attempt}
            maxAttempts={maxAttempts}
            recipientName={name}
            timeZone={batch.timeZone}
            order={3}
          />
          {attempt.state === 'UNCERTAIN' && <Verdict attempt={attempt} batch={batch} />}
        </Paper>
      ))}
    </Stack>
  );
}
