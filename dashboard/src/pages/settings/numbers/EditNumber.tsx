import { Button, Group, NumberInput, Select, SimpleGrid, Stack, Switch, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { Dialog } from '../../../parts/dialog/Dialog.js';
import { answered, api, type Schemas } from '../../../api/client.js';
import { keys } from '../../../api/queries.js';
import { useChange } from '../../../app/changes/use-change.js';
import { showDone } from '../../../parts/notices.js';

type EditNumberProps = {
  number: Schemas['PhoneNumber'];
  agents: readonly Schemas['Agent'][];
  onClose: () => void;
};

/** What people call a number, the agent that it is bound to, and its limits. */
export function EditNumber({ number, agents, onClose }: EditNumberProps) {
  const form = useForm({
    initialValues: {
      label: number.label ?? '',
      outbound: number.outbound,
      outboundAgentId: number.outboundAgentId,
      concurrency: number.concurrency ?? ('' as number | string),
      callsPerSecond: number.callsPerSecond ?? ('' as number | string),
    },
  });
  const save = useChange(
    ({ label, concurrency, callsPerSecond, ...values }: typeof form.values) =>
      answered(
        api.PATCH('/v1/phone-numbers/{phoneNumberId}', {
          params: { path: { phoneNumberId: number.id } },
          body: {
            ...values,
            label: label.trim() || null,
            concurrency: concurrency === '' ? null : Number(concurrency),
            callsPerSecond: callsPerSecond === '' ? null : Number(callsPerSecond),
          },
        }),
      ),
    {
      again: [keys.phoneNumbers],
      onDone: () => {
        showDone(`${number.phoneNumber} was saved.`);
        onClose();
      },
    },
  );
  const bindable = agents.filter(
    ({ id, disabled, providerAccountId }) =>
      id === number.outboundAgentId || (!disabled && providerAccountId === number.providerAccountId),
  );
  return (
    <Dialog onClose={onClose} title={number.phoneNumber}>
      <form onSubmit={form.onSubmit((values) => save.mutate(values))}>
        <Stack>
          <TextInput label="Label" maxLength={200} dir="auto" data-autofocus {...form.getInputProps('label')} />
          <Switch label="May call out" {...form.getInputProps('outbound', { type: 'checkbox' })} />
          <Select
            label="Outbound agent"
            description="Calls from the number unless a batch names another"
            placeholder="None"
            clearable
            searchable
            data={bindable.map(({ id, name }) => ({ value: id, label: name }))}
            {...form.getInputProps('outboundAgentId')}
          />
          <SimpleGrid cols={2}>
            <NumberInput
              label="Live calls at once"
              description="Empty: no limit"
              min={1}
              max={100_000}
              allowDecimal={false}
              {...form.getInputProps('concurrency')}
            />
            <NumberInput
              label="Starts in a second"
              description="Empty: no limit"
              min={1}
              max={10_000}
              allowDecimal={false}
              {...form.getInputProps('callsPerSecond')}
            />
          </SimpleGrid>
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Close
            </Button>
            <Button type="submit" loading={save.isPending}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
