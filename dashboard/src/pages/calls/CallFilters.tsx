import { Button, Group, MultiSelect, Select, TextInput } from '@mantine/core';
import { ATTEMPT_STATES } from '../../../../domain/calls/attempt-state.js';
import { ATTEMPT_STATE_SHOWN } from '../../../../domain/shown/attempt-states.js';
import { useAllAgents, useAllNumbers } from '../../api/setup-queries.js';
import { chosenSince, type AddressChanges } from '../../app/use-address.js';
import { BatchSelect } from './BatchSelect.js';
import { dayBefore, type CallFilter } from './call-filter.js';

type CallFiltersProps = {
  filter: CallFilter;
  /** By the names of the address; null and empty take one away. */
  onChange: (changes: AddressChanges) => void;
};

const SPANS = [
  { label: 'Today', days: 1 },
  { label: '7 days', days: 7 },
  { label: '30 days', days: 30 },
] as const;

/** Which calls are shown. */
export function CallFilters({ filter, onChange }: CallFiltersProps) {
  const numbers = useAllNumbers().data ?? [];
  const agents = useAllAgents().data ?? [];
  const today = dayBefore(new Date(), 0);
  return (
    <Group gap="xs" align="flex-end" role="group" aria-label="Which calls">
      <TextInput
        type="date"
        flex="1 1 8.5rem"
        maw={170}
        label="From"
        value={filter.fromDay}
        max={filter.untilDay}
        onChange={(event) => onChange({ from: event.currentTarget.value })}
      />
      <TextInput
        type="date"
        flex="1 1 8.5rem"
        maw={170}
        label="Until"
        value={filter.untilDay}
        min={filter.fromDay}
        onChange={(event) => onChange({ until: event.currentTarget.value })}
      />
      <Button.Group>
        {SPANS.map(({ label, days }) => {
          const from = dayBefore(new Date(), days - 1);
          const isShown = filter.untilDay === today && filter.fromDay === from;
          return (
            <Button
              key={label}
              variant={isShown ? 'light' : 'default'}
              px="sm"
              aria-pressed={isShown}
              onClick={() => onChange({ from, until: null })}
            >
              {label}
            </Button>
          );
        })}
      </Button.Group>
      <BatchSelect batchId={filter.batchId} onChange={(batch) => onChange({ batch })} />
      <Select
        label="From Number"
        placeholder="Any"
        clearable
        searchable
        flex="1 1 9rem"
        data={numbers.map(({ id, phoneNumber, label }) => ({
          value: id,
          label: label ? `${phoneNumber} ${label}` : phoneNumber,
        }))}
        value={filter.fromNumberId}
        onChange={(number) => onChange({ number })}
      />
      <Select
        label="Voice Agent"
        placeholder="Any"
        clearable
        searchable
        flex="1 1 9rem"
        data={agents.map(({ id, name }) => ({ value: id, label: name }))}
        value={filter.agentId}
        onChange={(agent) => onChange({ agent })}
      />
      <MultiSelect
        label="State"
        placeholder={filter.states.length === 0 ? 'Any' : ''}
        clearable
        flex="1 1 9rem"
        maw={320}
        data={ATTEMPT_STATES.map((value) => ({ value, label: ATTEMPT_STATE_SHOWN[value].label }))}
        value={filter.states}
        onChange={(next) => onChange({ state: chosenSince(filter.states, next) })}
      />
    </Group>
  );
}
