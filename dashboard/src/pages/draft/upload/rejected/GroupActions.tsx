import { Button, Group, Paper, Select, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { paths } from '../../../../../../client/index.js';
import { answered, api, type Schemas } from '../../../../api/client.js';
import { counted } from '../../../../parts/Count.js';
import { showError } from '../../../../parts/notices.js';
import { ZoneSelect } from '../../when/ZoneSelect.js';
import { FixPreview } from './FixPreview.js';
import { CountryOfNumbers } from '../CountryOfNumbers.js';
import { useImportChange, useRows, type Import } from '../import-queries.js';
import { actionsOf, ADVICE, type FixAction } from './problem-words.js';

type Problem = Schemas['ImportProblem'];
type FixBody = Omit<
  NonNullable<paths['/v1/imports/{importId}/fix']['post']['requestBody']>['content']['application/json'],
  'dryRun'
>;
type Fix = { body: FixBody; words: string };

/** What can be done with all rows of a kind. It is shown on three of them before it is done. */
export function GroupActions({ read, problem }: { read: Import; problem: Problem }) {
  const [country, setCountry] = useState<string | null>(null);
  const [fix, setFix] = useState<Fix | null>(null);
  const params = { path: { importId: read.id } };
  const preview = useMutation({
    mutationFn: (asked: Fix) =>
      answered(api.POST('/v1/imports/{importId}/fix', { params, body: { ...asked.body, dryRun: true } })),
    onError: (err) => {
      setFix(null);
      showError(err);
    },
  });
  const apply = useImportChange(() => setFix(null));
  const ask = (words: string, body: Omit<FixBody, 'code'>): void => {
    const asked = { words, body: { ...body, code: problem.code as FixBody['code'] } };
    setFix(asked);
    preview.mutate(asked);
  };
  const buttonOf = (action: FixAction) => {
    switch (action) {
      case 'country':
        return (
          <CountryOfNumbers
            key={action}
            size="xs"
            w={230}
            aria-label="They are from"
            placeholder="They are from…"
            value={country}
            onChange={(next) => {
              setCountry(next);
              if (next !== null) ask('They are of this country', { action, country: next });
            }}
          />
        );
      case 'reading':
        return (['national', 'international'] as const).map((numbersWithoutPlus) => (
          <Button
            key={numbersWithoutPlus}
            size="xs"
            variant="default"
            onClick={() => ask(`They are ${numbersWithoutPlus}`, { action, numbersWithoutPlus })}
          >
            {numbersWithoutPlus === 'national' ? 'National' : 'International'}
          </Button>
        ));
      case 'skipCheck':
        return (
          <Simple key={action} label="Ignore E.164" onClick={() => ask('Dialled as they are written', { action })} />
        );
      case 'clear':
        return <Simple key={action} label="Clear the cell" onClick={() => ask('The cell is emptied', { action })} />;
      case 'leaveOut':
        return <Simple key={action} label="Leave out" onClick={() => ask('They are left out', { action })} />;
      case 'zone':
        return (
          <ZoneFix
            key={action}
            read={read}
            onFix={(cell, timeZone) => ask(`${cell} becomes ${timeZone}`, { action, cell, timeZone })}
          />
        );
    }
  };
  return (
    <Paper withBorder p="xs" role="group" aria-label="For all rows of this kind">
      <Stack gap="xs">
        <Group gap="xs">
          <Text size="sm" fw={600}>
            All {counted(problem.rejectedRows, 'row', 'rows')}:
          </Text>
          {actionsOf(problem).map(buttonOf)}
        </Group>
        {ADVICE[problem.code] && (
          <Text size="sm" c="dimmed">
            {ADVICE[problem.code]}
          </Text>
        )}
        {fix && (
          <FixPreview
            words={fix.words}
            preview={preview.data?.preview ?? null}
            rows={problem.rejectedRows}
            isDoing={apply.isPending}
            onCancel={() => setFix(null)}
            onFix={() =>
              apply.mutate(
                async () => (await answered(api.POST('/v1/imports/{importId}/fix', { params, body: fix.body }))).import,
              )
            }
          />
        )}
      </Stack>
    </Paper>
  );
}

function Simple({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <Button size="xs" variant="default" onClick={onClick}>
      {label}
    </Button>
  );
}

/** Each text that is no zone is a fix of its own: two texts are two places. */
function ZoneFix({ read, onFix }: { read: Import; onFix: (cell: string, timeZone: string) => void }) {
  const rows = useRows(read.id, { accepted: false, code: 'time_zone_unknown' });
  const headers = read.columns?.filter(({ takenAs }) => takenAs === 'timeZone').map(({ header }) => header) ?? [];
  const found = (rows.data?.pages ?? []).flatMap(({ data }) =>
    data.flatMap(({ cells }) => headers.map((header) => cells?.[header]?.trim() ?? '')),
  );
  const texts = [...new Set(found)].filter((text) => text !== '');
  const [cell, setCell] = useState<string | null>(null);
  const chosen = cell ?? texts[0] ?? null;
  return (
    <Group gap="xs">
      <Select size="xs" w={120} aria-label="Written as" data={texts} value={chosen} onChange={setCell} />
      <ZoneSelect
        size="xs"
        w={230}
        aria-label="Replace by"
        placeholder="Replace by a place…"
        value={null}
        onChange={(zone) => chosen !== null && onFix(chosen, zone)}
      />
    </Group>
  );
}
