import { Alert, Anchor, Button, Group, Select, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { Link } from 'react-router';
import { Dialog } from '../../../parts/dialog/Dialog.js';
import { answered, api, type Schemas } from '../../../api/client.js';
import { keys } from '../../../api/queries.js';
import { useRoleLacks } from '../../../app/session.js';
import { useChange } from '../../../app/changes/use-change.js';
import { wordsOf } from '../../../parts/ErrorState.js';

type TestCallProps = {
  number: Schemas['PhoneNumber'];
  agents: readonly Schemas['Agent'][];
  onClose: () => void;
};

/** Calls one phone, one's own mostly, to hear an agent. */
export function TestCall({ number, agents, onClose }: TestCallProps) {
  const lacksAdmin = useRoleLacks('admin');
  const form = useForm({
    initialValues: { phoneNumber: '', agentId: number.outboundAgentId, ignoreLawfulHours: false },
    validate: {
      phoneNumber: (text) =>
        /^\+\d{7,15}$/.test(text.replace(/[\s()-]/g, '')) ? null : 'Enter the whole number, as +12025550123.',
    },
  });
  const call = useChange(
    ({ phoneNumber, agentId, ignoreLawfulHours }: typeof form.values) =>
      answered(
        api.POST('/v1/phone-numbers/{phoneNumberId}/test-call', {
          params: { path: { phoneNumberId: number.id } },
          body: {
            phoneNumber: phoneNumber.replace(/[\s()-]/g, ''),
            ignoreLawfulHours,
            ...(agentId !== null && { agentId }),
          },
        }),
      ),
    { again: [keys.calls], onError: () => undefined },
  );
  const usable = agents.filter(
    ({ disabled, providerAccountId }) => !disabled && providerAccountId === number.providerAccountId,
  );
  return (
    <Dialog onClose={onClose} title={`Test call from ${number.phoneNumber}`}>
      <form onSubmit={form.onSubmit((values) => call.mutate(values))} noValidate>
        <Stack>
          <TextInput
            label="Phone to call"
            description="It rings at once: the limits, Do not call and lawful hours hold"
            placeholder="+12025550123"
            type="tel"
            dir="ltr"
            data-autofocus
            {...form.getInputProps('phoneNumber')}
          />
          <Select
            label="Voice Agent"
            data={usable.map(({ id, name }) => ({ value: id, label: name }))}
            {...form.getInputProps('agentId')}
          />
          {lacksAdmin === null && (
            <Switch
              label="Call outside the lawful hours, too"
              description="Who did it is kept in the audit"
              {...form.getInputProps('ignoreLawfulHours', { type: 'checkbox' })}
            />
          )}
          {call.isError && (
            <Alert color="red" role="alert">
              {wordsOf(call.error)}
            </Alert>
          )}
          {call.data && (
            <Alert color="green" role="status">
              <Text size="sm">
                The call is being made.{' '}
                <Anchor component={Link} to={`/calls?batch=${call.data.batchId}`} size="sm">
                  See what becomes of it
                </Anchor>
              </Text>
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Close
            </Button>
            <Button type="submit" loading={call.isPending}>
              Call
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
