import { Group, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Schemas } from '../../api/client.js';
import { Moment } from '../Moment.js';
import { Analysis } from './Analysis.js';
import { CallBadge } from './CallBadge.js';
import { CallFacts } from './CallFacts.js';
import { HangUp } from './HangUp.js';
import { ProviderWords } from './ProviderWords.js';
import { Recording } from './Recording.js';
import { Transcript } from './Transcript.js';
import { Waterfall } from './Waterfall.js';

type CallDetailProps = {
  /** An attempt of a recipient, or a whole call: that has all of it. */
  call: Schemas['Attempt'];
  /** How often the recipient may be called; left out where it is not known. */
  maxAttempts?: number;
  recipientName?: string | null;
  /** Of the batch; left out: of who looks. */
  timeZone?: string | null;
  /** Of the headings: 2 in a page, 3 below a heading of a drawer. */
  order?: 2 | 3 | 4;
  /** What was before the call. */
  children?: ReactNode;
};

/** One call: what it went through, what was said, and what came of it. */
export function CallDetail(props: CallDetailProps) {
  const { call, maxAttempts, recipientName, timeZone, order = 3, children } = props;
  const isLive = call.state === 'DIALING' || call.state === 'IN_PROGRESS';
  const name = recipientName ?? null;
  return (
    <Stack gap="md">
      <Group justify="space-between" gap="xs">
        <Group gap="xs">
          <Title order={order} size="h5">
            Attempt {call.number}
            {maxAttempts === undefined ? '' : ` of ${maxAttempts}`}
          </Title>
          <CallBadge call={call} />
          <Text size="sm" c="dimmed" span>
            <Moment at={call.dialingAt} zone={timeZone ?? null} />
          </Text>
        </Group>
        {isLive && <HangUp call={call} />}
      </Group>
      {call.state === 'UNCERTAIN' && (
        <Text size="sm">Nobody knows whether the provider took this call. It is never dialled again on a guess.</Text>
      )}
      {call.byVerdict && (
        <Text size="sm" c="dimmed">
          Somebody decided how it ended.
        </Text>
      )}
      {children}
      <Waterfall call={call} timeZone={timeZone ?? null} />
      {call.summary !== null && (
        <Part title="Summary" order={order}>
          <Text size="sm" dir="auto">
            {call.summary}
          </Text>
        </Part>
      )}
      {call.recordingUrl !== null && (
        <Part title="Recording" order={order}>
          <Recording callId={call.id} />
        </Part>
      )}
      {call.transcript.length > 0 && (
        <Part title="Transcript" order={order}>
          <Transcript turns={call.transcript} recipientName={name} />
        </Part>
      )}
      {Object.keys(call.analysis).length > 0 && (
        <Part title="Analysis" order={order}>
          <Analysis found={call.analysis} />
        </Part>
      )}
      <Part title="Facts" order={order}>
        <CallFacts call={call} />
      </Part>
      {call.events.length > 0 && <ProviderWords events={call.events} />}
    </Stack>
  );
}

function Part({ title, order, children }: { title: string; order: 2 | 3 | 4; children: ReactNode }) {
  return (
    <Stack gap={4} component="section" aria-label={title}>
      <Title order={(order + 1) as 3 | 4 | 5} size="h6">
        {title}
      </Title>
      {children}
    </Stack>
  );
}
