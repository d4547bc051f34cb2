import { Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { SideDialog } from '../../../parts/dialog/SideDialog.js';
import { answered, api, type Batch, type Schemas } from '../../../api/client.js';
import { CopyId } from '../../../parts/CopyId.js';
import { ErrorState } from '../../../parts/ErrorState.js';
import { Moment } from '../../../parts/Moment.js';
import { RecipientBadge } from '../../../parts/StatusBadge.js';
import { Attempts } from './Attempts.js';
import { Variables } from './Variables.js';

type RecipientDrawerProps = { id: string | null; batch: Batch; onClose: () => void };

/** One recipient: what it waits for, each call with all that is known of it, what the agent is told. */
export function RecipientDrawer({ id, batch, onClose }: RecipientDrawerProps) {
  return (
    <SideDialog opened={id !== null} onClose={onClose} title="Recipient">
      {id !== null && <Content key={id} id={id} batch={batch} />}
    </SideDialog>
  );
}

function Content({ id, batch }: { id: string; batch: Batch }) {
  const { countedAt } = batch.counters;
  const recipient = useQuery({
    queryKey: ['batch', batch.id, 'recipient', id],
    queryFn: () => answered(api.GET('/v1/recipients/{recipientId}', { params: { path: { recipientId: id } } })),
  });
  const { refetch } = recipient;
  // A change of the batch's counters may be about it.
  useEffect(() => void refetch({ cancelRefetch: false }), [countedAt, refetch]);
  if (recipient.isLoadingError) return <ErrorState error={recipient.error} onRetry={() => void recipient.refetch()} />;
  if (!recipient.data) return <Skeleton h={300} aria-label="Loading" />;
  return <Recipient recipient={recipient.data} batch={batch} />;
}

function Recipient({ recipient, batch }: { recipient: Schemas['RecipientWithAttempts']; batch: Batch }) {
  const { phoneNumber, name, status, waitingFor, lastError, attemptCount, maxAttempts } = recipient;
  return (
    <Stack>
      <Stack gap={4}>
        <CopyId value={phoneNumber} what="the phone number">
          <Title order={2} size="h3">
            <bdi dir="ltr">{phoneNumber}</bdi>
          </Title>
        </CopyId>
        {name && <Text dir="auto">{name}</Text>}
        <Group gap="xs">
          <RecipientBadge status={status} />
          <Text size="sm" c="dimmed">
            {attemptCount} of {maxAttempts} attempts
          </Text>
        </Group>
        <CopyId value={recipient.id} what="the id" />
      </Stack>
      {waitingFor && (
        <Text size="sm">
          {waitingFor.message}
          {waitingFor.until && (
            <>
              {' '}
              Until <Moment at={waitingFor.until} zone={batch.timeZone} />.
            </>
          )}
        </Text>
      )}
      {lastError && <Text size="sm">Last error: {lastError}</Text>}
      <Attempts recipient={recipient} batch={batch} />
      <Variables recipient={recipient} />
    </Stack>
  );
}
