import { Alert, Anchor, Button, Group, Text, TextInput } from '@mantine/core';
import { IconPhoneCall } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { answered, api, type Batch } from '../../api/client.js';
import { PageError } from '../../api/page-error.js';
import { useGuardedMutation } from '../../app/changes/use-guarded-mutation.js';
import { wordsOf } from '../../parts/ErrorState.js';
import { Section } from './Section.js';

/** Calls the phone of the person who makes the batch, with what the first recipient would hear. */
export function TestCall({ batch }: { batch: Batch | undefined }) {
  const [phoneNumber, setPhoneNumber] = useState('');
  const call = useGuardedMutation({ mutationFn: (to: string) => callOnce(batch, to) });
  const isReady = batch?.fromNumber != null && batch.agent !== null && phoneNumber.trim() !== '';
  return (
    <Section
      id="test-call"
      title="Try it first"
      note="One call to your own phone, with the variables of the first recipient. It does not start the batch."
    >
      <Group align="flex-end" gap="xs">
        <TextInput
          type="tel"
          dir="ltr"
          label="Your phone number"
          placeholder="+12025550123"
          value={phoneNumber}
          onChange={(event) => setPhoneNumber(event.currentTarget.value)}
        />
        <Button
          variant="default"
          leftSection={<IconPhoneCall size={16} aria-hidden />}
          disabled={!isReady}
          loading={call.isPending}
          onClick={() => call.mutate(phoneNumber.trim())}
        >
          Call my phone
        </Button>
      </Group>
      {call.isSuccess && (
        <Text size="sm" role="status">
          The call is on its way.{' '}
          <Anchor component={Link} to={`/batches/${call.data.batchId}`}>
            See what becomes of it
          </Anchor>
        </Text>
      )}
      {call.isError && (
        <Alert color="red" role="alert" title="The call was not made">
          <Text size="sm">{wordsOf(call.error)}</Text>
        </Alert>
      )}
    </Section>
  );
}

async function callOnce(batch: Batch | undefined, phoneNumber: string) {
  if (!batch?.fromNumber || !batch.agent) throw new PageError('Choose the From Number and the Voice Agent first.');
  const first = await answered(
    api.GET('/v1/batches/{batchId}/recipients', { params: { path: { batchId: batch.id }, query: { limit: 1 } } }),
  );
  return answered(
    api.POST('/v1/phone-numbers/{phoneNumberId}/test-call', {
      params: { path: { phoneNumberId: batch.fromNumber.id } },
      body: { phoneNumber, agentId: batch.agent.id, variables: first.data[0]?.variables ?? {} },
    }),
  );
}
