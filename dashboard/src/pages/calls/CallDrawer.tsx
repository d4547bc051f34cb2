import { Anchor, Skeleton, Stack, Text } from '@mantine/core';
import { Link } from 'react-router';
import { useQuery } from '@tanstack/react-query';
import { SideDialog } from '../../parts/dialog/SideDialog.js';
import { answered, api, type Schemas } from '../../api/client.js';
import { keys } from '../../api/queries.js';
import { CallDetail } from '../../parts/call/CallDetail.js';
import { ErrorState } from '../../parts/ErrorState.js';
import { PhoneNumber } from '../../parts/PhoneNumber.js';
import { BatchLink } from './BatchLink.js';

const LIVE_EVERY_MS = 2_000;

/** One call beside the list. While it is live it is read again every two seconds. */
export function CallDrawer({ callId, onClose }: { callId: string; onClose: () => void }) {
  const call = useQuery({
    queryKey: keys.call(callId),
    queryFn: () => answered(api.GET('/v1/calls/{callId}', { params: { path: { callId } } })),
    refetchInterval: ({ state: { data } }) => (data && isOpen(data) ? LIVE_EVERY_MS : false),
  });
  return (
    <SideDialog opened onClose={onClose} title={call.data ? <CalledNumber call={call.data} /> : 'Call'}>
      {call.isLoadingError && <ErrorState error={call.error} onRetry={() => void call.refetch()} />}
      {call.isPending && <Skeleton h={320} aria-label="Loading" />}
      {call.data && (
        <Stack>
          <About call={call.data} />
          <CallDetail call={call.data} recipientName={call.data.recipientName} />
        </Stack>
      )}
    </SideDialog>
  );
}

function CalledNumber({ call }: { call: Schemas['CallWithResult'] }) {
  return (
    <span style={{ overflowWrap: 'anywhere' }}>
      Call to <PhoneNumber value={call.phoneNumber} />
      {call.recipientName !== null && (
        <>
          , <bdi dir="auto">{call.recipientName}</bdi>
        </>
      )}
    </span>
  );
}

function About({ call }: { call: Schemas['CallWithResult'] }) {
  return (
    <div>
      <BatchLink batch={call.batch} />
      <Text size="sm" c="dimmed">
        From <PhoneNumber value={call.fromNumber.phoneNumber} />, by <bdi dir="auto">{call.agent.name}</bdi>
      </Text>
      {call.state === 'UNCERTAIN' && (
        <Anchor
          component={Link}
          size="sm"
          to={`/batches/${call.batch.id}?tab=recipients&recipient=${call.recipientId}`}
        >
          Say what became of this call
        </Anchor>
      )}
    </div>
  );
}

function isOpen({ state }: Schemas['CallWithResult']): boolean {
  return state === 'DIALING' || state === 'IN_PROGRESS';
}
