import { Paper, Stack, Text } from '@mantine/core';
import type { Batch, Schemas } from '../../../api/client.js';
import { writeSpan } from '../../../parts/moments.js';
import { CallDetail } from '../../../parts/call/CallDetail.js';
import { Verdict } from './Verdict.js';

const TOLD_FROM_MS = 1_000;

type AttemptsProps = { recipient: Schemas['RecipientWithAttempts']; batch: Batch };

/** Each call that was made, the newest first. */
export function Attempts({ recipient: { attempts, maxAttempts, name }, batch }: AttemptsProps) {
  if (attempts.length === 0) return <Text c="dimmed">Not called yet.</Text>;
  return (
    <Stack gap="xs">
      {attempts.toReversed().map((attempt, index, all) => (
        <Paper key={attempt.id} withBorder p="sm" component="section" aria-label={`Attempt ${attempt.number}`}>
          <CallDetail call={attempt} maxAttempts={maxAttempts} recipientName={name} timeZone={batch.timeZone} order={3}>
            <Waited until={attempt.dialingAt} since={all[index + 1]?.endedAt ?? null} startedAt={batch.startedAt} />
          </CallDetail>
          {attempt.state === 'UNCERTAIN' && <Verdict attempt={attempt} batch={batch} />}
        </Paper>
      ))}
    </Stack>
  );
}

/** How long it waited for its turn, which is no part of the call: after the call before it, else after the batch began. */
function Waited({ until, since, startedAt }: { until: string; since: string | null; startedAt: string | null }) {
  const from = since ?? startedAt;
  const waitedMs = from === null ? 0 : new Date(until).getTime() - new Date(from).getTime();
  if (waitedMs < TOLD_FROM_MS) return null;
  return (
    <Text size="sm" c="dimmed">
      Waited {writeSpan(waitedMs)} after {since === null ? 'the batch began' : 'the call before it ended'}.
    </Text>
  );
}
