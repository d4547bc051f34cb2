import { Paper, Stack, Text, Title } from '@mantine/core';
import { OUTCOME_SHOWN } from '../../../../../domain/shown/statuses.js';
import type { Batch, Schemas } from '../../../api/client.js';
import { Moment } from '../../../parts/Moment.js';
import { writeDuration } from '../../../parts/moments.js';
import { Verdict } from './Verdict.js';

type Attempt = Schemas['Attempt'];

/** Each call that was made, the newest first. */
export function Attempts({ attempts, batch }: { attempts: readonly Attempt[]; batch: Batch }) {
  if (attempts.length === 0) return <Text c="dimmed">Not called yet.</Text>;
  return (
    <Stack gap="xs">
      {[...attempts].reverse().map((attempt) => (
        <Paper key={attempt.id} withBorder p="sm" component="section" aria-label={titleOf(attempt, attempts.length)}>
          <Title order={3} size="h5">
            {titleOf(attempt, attempts.length)}
          </Title>
          <Text size="sm" c="dimmed">
            <Moment at={attempt.dialingAt} zone={batch.timeZone} />
            {attempt.endReason && `, ${attempt.endReason}`}
          </Text>
          {attempt.state === 'UNCERTAIN' && <Verdict attempt={attempt} batch={batch} />}
        </Paper>
      ))}
    </Stack>
  );
}

/** "Attempt 2 of 3, Voicemail, 0:21". */
function titleOf({ number, outcome, state, durationMs }: Attempt, of: number): string {
  const how = outcome ? OUTCOME_SHOWN[outcome].label : state === 'UNCERTAIN' ? 'Uncertain' : 'Live';
  return [`Attempt ${number} of ${of}`, how, ...(durationMs === null ? [] : [writeDuration(durationMs)])].join(', ');
}
