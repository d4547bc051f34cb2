import { Anchor, Checkbox, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answered, api, type Schemas } from '../../api/client.js';
import { useRoleLacks } from '../../app/session.js';
import { Panel } from '../../parts/Panel.js';
import { ReasonedButton } from '../../parts/ReasonedButton.js';
import { useWorkspaceChange } from './use-workspace-change.js';

const PURPOSES: Record<Schemas['RulePack']['purpose'], string> = {
  telemarketing: 'selling',
  informational: 'information',
};

/** Lawful hours: packs that are on, with where their rules come from. */
export function RulePacksPanel({ workspace }: { workspace: Schemas['Workspace'] }) {
  const packs = useQuery({
    queryKey: ['rulePacks'],
    staleTime: Infinity,
    queryFn: () => answered(api.GET('/v1/rule-packs')),
  }).data?.data;
  if (!packs) return <Skeleton h={160} aria-label="Loading" />;
  const ids = workspace.rulePacks ?? packs.filter(({ enabledByDefault }) => enabledByDefault).map(({ id }) => id);
  return <Choice key={ids.join()} packs={packs} on={ids} />;
}

function Choice({ packs, on }: { packs: readonly Schemas['RulePack'][]; on: readonly string[] }) {
  const lacks = useRoleLacks('admin');
  const [chosen, setChosen] = useState<string[]>([...on]);
  const save = useWorkspaceChange();
  const isSame = chosen.length === on.length && on.every((id) => chosen.includes(id));
  return (
    <Panel
      title="Lawful hours"
      about="Each pack narrows when calls of its kind may start, where the called person is. Batches are planned again when it changes."
    >
      <Checkbox.Group value={chosen} onChange={setChosen} aria-label="Rule packs">
        <Stack gap="xs">
          {packs.map((pack) => (
            <Checkbox
              key={pack.id}
              value={pack.id}
              label={`${pack.name} (${PURPOSES[pack.purpose]})`}
              description={<Source pack={pack} />}
            />
          ))}
        </Stack>
      </Checkbox.Group>
      <Group>
        <ReasonedButton
          whyNot={lacks ?? (isSame ? 'Nothing was changed.' : null)}
          loading={save.isPending}
          onClick={() => save.mutate({ rulePacks: chosen })}
        >
          Save
        </ReasonedButton>
      </Group>
    </Panel>
  );
}

function Source({ pack: { source, sourceUrl, verifiedAt } }: { pack: Schemas['RulePack'] }) {
  return (
    <Text span size="xs">
      <Anchor href={sourceUrl} target="_blank" rel="noreferrer" size="xs" underline="always">
        {source}
      </Anchor>
      {verifiedAt === null ? ', not compared with its source yet' : `, compared with it ${verifiedAt}`}
    </Text>
  );
}
