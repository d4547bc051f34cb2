import { Group, Text } from '@mantine/core';
import { answered, api, type Schemas } from '../../../api/client.js';
import { keys } from '../../../api/queries.js';
import { count } from '../../../parts/Count.js';
import type { Column } from '../../../parts/DataTable.js';
import { Moment } from '../../../parts/Moment.js';
import { PhoneNumber as Shown } from '../../../parts/PhoneNumber.js';
import { UseBadge } from '../../../parts/UseBadge.js';
import { UseSwitch } from '../../../parts/UseSwitch.js';
import { AdminButton } from '../AdminButton.js';

type PhoneNumber = Schemas['PhoneNumber'];
type Options = {
  agents: readonly Schemas['Agent'][];
  onEdit: (number: PhoneNumber) => void;
  onTest: (number: PhoneNumber) => void;
};

export function numberColumns({ agents, onEdit, onTest }: Options): readonly Column<PhoneNumber>[] {
  return [
    {
      id: 'number',
      header: 'Number',
      width: 'minmax(9rem, 1.5fr)',
      cell: ({ phoneNumber, label }) => (
        <div>
          <Shown value={phoneNumber} />
          <Text size="xs" c="dimmed" truncate title={label ?? ''}>
            <bdi dir="auto">{label}</bdi>
          </Text>
        </div>
      ),
    },
    {
      id: 'agent',
      header: 'Outbound agent',
      width: 'minmax(7rem, 1.5fr)',
      cell: ({ outbound, outboundAgentId }) => (
        <Text size="sm" truncate>
          <bdi dir="auto">
            {agentWords(
              outbound,
              agents.find(({ id }) => id === outboundAgentId),
            )}
          </bdi>
        </Text>
      ),
    },
    {
      id: 'limits',
      header: 'Limits',
      width: 'minmax(7rem, 1.5fr)',
      cell: (number) => <Text size="sm">{limitWords(number)}</Text>,
    },
    { id: 'state', header: 'State', width: 'minmax(8rem, 1.5fr)', cell: (number) => <State number={number} /> },
    {
      id: 'actions',
      header: 'Actions',
      isHeaderHidden: true,
      width: '16rem',
      cell: (number) => (
        <Group gap={4}>
          <AdminButton label={`Edit ${number.phoneNumber}`} onClick={() => onEdit(number)}>
            Edit
          </AdminButton>
          <AdminButton
            lowest="operator"
            label={`Test call from ${number.phoneNumber}`}
            whyNot={testProblem(number)}
            onClick={() => onTest(number)}
          >
            Test call
          </AdminButton>
          <UseSwitch
            name={number.phoneNumber}
            disabled={number.disabled}
            again={[keys.phoneNumbers]}
            isUsedBy={({ fromNumber }) => fromNumber?.id === number.id}
            change={(disabled) =>
              answered(
                api.PATCH('/v1/phone-numbers/{phoneNumberId}', {
                  params: { path: { phoneNumberId: number.id } },
                  body: { disabled },
                }),
              )
            }
          />
        </Group>
      ),
    },
  ];
}

function State({ number: { disabled, backedOffUntil, callCeiling } }: { number: PhoneNumber }) {
  return (
    <div>
      <UseBadge disabled={disabled} />
      {backedOffUntil !== null && Date.parse(backedOffUntil) > Date.now() && (
        <Text size="xs" component="div">
          backs off until <Moment at={backedOffUntil} />
        </Text>
      )}
      {callCeiling !== null && <Text size="xs">at most {count(callCeiling)} at once for now</Text>}
    </div>
  );
}

function agentWords(outbound: boolean, agent: Schemas['Agent'] | undefined): string {
  if (!outbound) return 'does not call out';
  return agent?.name ?? 'none';
}

function limitWords({ concurrency, callsPerSecond }: PhoneNumber): string {
  const limits = [
    concurrency !== null && `${count(concurrency)} at once`,
    callsPerSecond !== null && `${count(callsPerSecond)} a second`,
  ].filter((each) => each !== false);
  return limits.length > 0 ? limits.join(', ') : 'none of its own';
}

function testProblem({ disabled, outbound }: PhoneNumber): string | null {
  if (disabled) return 'The number is disabled.';
  return outbound ? null : 'The number does not call out.';
}
