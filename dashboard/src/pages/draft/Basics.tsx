import { Alert, Anchor, Select, Spoiler, Stack, Text, TextInput } from '@mantine/core';
import { Link } from 'react-router';
import { IconLock } from '@tabler/icons-react';
import { boundAgent, type Callers, type Choice } from './callers.js';
import { Section } from './Section.js';
import type { Draft } from './use-draft.js';

const NAME_LENGTH_MAX = 100;

/** What it is called, which number calls, and which agent speaks. */
export function Basics({ draft, callers }: { draft: Draft; callers: Callers }) {
  const { fields, saving, change } = draft;
  const name = fields.name ?? '';
  const number = callers.numbers.find(({ thing }) => thing.id === fields.fromNumberId);
  const chooseNumber = (id: string | null): void => {
    const next = callers.numbers.find(({ thing }) => thing.id === id);
    if (!next) return;
    const before = boundAgent(callers, number?.thing);
    const isOwnChoice = fields.agentId != null && fields.agentId !== before?.id;
    const agent = boundAgent(callers, next.thing);
    change({ fromNumberId: next.thing.id, ...(!isOwnChoice && agent && { agentId: agent.id }) });
  };
  const agentOf = (id: string | null): string =>
    callers.agents.find(({ thing }) => thing.id === id)?.thing.name ?? 'no agent of its own';
  return (
    <Section id="basics" title="Basics">
      <TextInput
        id="field-name"
        label="Batch Call Name"
        required
        dir="auto"
        value={name}
        maxLength={NAME_LENGTH_MAX}
        description={`${name.trim().length} of ${NAME_LENGTH_MAX} characters`}
        error={saving.errors.name}
        onChange={(event) => change({ name: event.currentTarget.value })}
      />
      {draft.batch?.warnings
        .filter(({ code }) => code === 'duplicate_name')
        .map(({ message, batchId }) => (
          <Text key={message} size="sm" c="var(--tone-amber)">
            {message}{' '}
            {batchId && (
              <Anchor component={Link} to={`/batches/${batchId}`} size="sm">
                See it
              </Anchor>
            )}
          </Text>
        ))}
      <Lacking callers={callers} />
      <Select
        id="field-fromNumberId"
        label="From Number"
        required
        searchable
        allowDeselect={false}
        placeholder="Choose the number that calls"
        value={fields.fromNumberId ?? null}
        data={callers.numbers.map(({ thing, account, whyNot }) => ({
          value: thing.id,
          label: [thing.phoneNumber, thing.label, account?.name, agentOf(thing.outboundAgentId)]
            .filter(Boolean)
            .join(' · '),
          disabled: whyNot !== null,
        }))}
        error={saving.errors.fromNumberId}
        onChange={chooseNumber}
      />
      <Unavailable what="number" choices={callers.numbers} nameOf={({ phoneNumber }) => phoneNumber} />
      <Select
        id="field-agentId"
        label="Voice Agent"
        required
        searchable
        allowDeselect={false}
        placeholder="Choose the agent that speaks"
        value={fields.agentId ?? null}
        data={callers.agents.map(({ thing, account, whyNot }) => {
          const isElsewhere = number !== undefined && number.thing.providerAccountId !== thing.providerAccountId;
          return {
            value: thing.id,
            label: `${thing.name} · ${account?.name ?? ''}${isElsewhere ? ' (another account than the number)' : ''}`,
            disabled: whyNot !== null || isElsewhere,
          };
        })}
        error={saving.errors.agentId}
        onChange={(agentId) => agentId && change({ agentId })}
      />
      <Unavailable what="agent" choices={callers.agents} nameOf={({ name: agentName }) => agentName} />
      <Text size="sm" c="dimmed">
        <IconLock size={14} aria-hidden /> Number and agent are locked once the batch is created. To call with others,
        duplicate it.
      </Text>
    </Section>
  );
}

function Lacking({ callers }: { callers: Callers }) {
  const lacking = [
    callers.numbers.every(({ whyNot }) => whyNot !== null) && 'number that can call out',
    callers.agents.every(({ whyNot }) => whyNot !== null) && 'active agent',
  ].filter(Boolean);
  if (lacking.length === 0) return null;
  return (
    <Alert color="yellow" title={`There is no ${lacking.join(' and no ')}`}>
      <Text size="sm">
        Add it in{' '}
        <Anchor component={Link} to="/settings">
          Settings
        </Anchor>
        ; this draft waits for you. Without it nobody can be called.
      </Text>
    </Alert>
  );
}

type UnavailableProps<Thing> = { what: string; choices: readonly Choice<Thing>[]; nameOf: (thing: Thing) => string };

/** Why the others cannot be chosen. */
function Unavailable<Thing>({ what, choices, nameOf }: UnavailableProps<Thing>) {
  const out = choices.filter(({ whyNot }) => whyNot !== null);
  if (out.length === 0) return null;
  return (
    <Spoiler maxHeight={44} showLabel="Show all" hideLabel="Show less">
      <Stack gap={0} aria-label={`Each ${what} that cannot be chosen`} role="note">
        {out.map(({ thing, whyNot }) => (
          <Text key={nameOf(thing)} size="xs" c="dimmed">
            <bdi dir="auto">{nameOf(thing)}</bdi> cannot be chosen. {whyNot}
          </Text>
        ))}
      </Stack>
    </Spoiler>
  );
}
