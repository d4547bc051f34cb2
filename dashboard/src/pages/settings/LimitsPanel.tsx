import { Group, NumberInput, SimpleGrid, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { Schemas } from '../../api/client.js';
import { useUsage } from '../../api/queries.js';
import { useRoleLacks } from '../../app/session.js';
import { count } from '../../parts/Count.js';
import { Panel } from '../../parts/Panel.js';
import { ReasonedButton } from '../../parts/ReasonedButton.js';
import { useWorkspaceChange } from './use-workspace-change.js';

const USED_EVERY_MS = 5_000;
const oneDecimal = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });

/** Name and limits, each with what is used of it now. */
export function LimitsPanel({ workspace }: { workspace: Schemas['Workspace'] }) {
  const lacks = useRoleLacks('admin');
  const used = useUsage(USED_EVERY_MS).data;
  const form = useForm({
    initialValues: valuesOf(workspace),
    validate: { name: nameProblem, concurrency: limitProblem },
  });
  const save = useWorkspaceChange((now) => {
    const values = valuesOf(now);
    form.setInitialValues(values);
    form.setValues(values);
  });
  return (
    <Panel title="Limits" about="They hold from the moment they are saved. Live calls above a lower limit go on.">
      <form
        onSubmit={form.onSubmit(({ name, concurrency, callsPerSecond, frequencyCap }) =>
          save.mutate({
            name: name.trim(),
            concurrency: Number(concurrency),
            callsPerSecond: limitOf(callsPerSecond),
            frequencyCap: limitOf(frequencyCap),
          }),
        )}
      >
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput
            label="Workspace name"
            description="Everybody who works here sees it"
            maxLength={100}
            dir="auto"
            {...form.getInputProps('name')}
          />
          <NumberInput
            label="Live calls at once"
            description={used ? `${count(used.slots.held)} live now. With 0 no call starts` : 'With 0 no call starts'}
            min={0}
            max={100_000}
            allowDecimal={false}
            {...form.getInputProps('concurrency')}
          />
          <NumberInput
            label="Calls that start in a second"
            description={
              used ? `${oneDecimal.format(used.callsPerSecond.now)} now. Empty: no limit` : 'Empty: no limit'
            }
            min={1}
            max={10_000}
            allowDecimal={false}
            {...form.getInputProps('callsPerSecond')}
          />
          <NumberInput
            label="Calls to one number in 24 hours"
            description="Over all batches. Empty: no limit"
            min={1}
            max={100}
            allowDecimal={false}
            {...form.getInputProps('frequencyCap')}
          />
        </SimpleGrid>
        <Group mt="md">
          <ReasonedButton
            type="submit"
            whyNot={lacks ?? (form.isDirty() ? null : 'Nothing was changed.')}
            loading={save.isPending}
          >
            Save
          </ReasonedButton>
        </Group>
      </form>
    </Panel>
  );
}

type Values = {
  name: string;
  concurrency: number | string;
  callsPerSecond: number | string;
  frequencyCap: number | string;
};

function valuesOf({ name, concurrency, callsPerSecond, frequencyCap }: Schemas['Workspace']): Values {
  return { name, concurrency, callsPerSecond: callsPerSecond ?? '', frequencyCap: frequencyCap ?? '' };
}

function limitOf(value: number | string): number | null {
  return value === '' ? null : Number(value);
}

function nameProblem(name: string): string | null {
  return name.trim() === '' ? 'Enter a name.' : null;
}

function limitProblem(value: number | string): string | null {
  return value === '' ? 'Enter how many calls may be live at once.' : null;
}
