import { Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { IconArrowRight } from '@tabler/icons-react';
import type { paths } from '../../../../../../client/index.js';
import { count } from '../../../../parts/Count.js';
import type { ImportRow } from '../import-queries.js';

type Answer = paths['/v1/imports/{importId}/fix']['post']['responses'][200]['content']['application/json'];
type Preview = NonNullable<Answer['preview']>;
type FixPreviewProps = {
  words: string;
  /** Null: it is asked for. */
  preview: Preview | null;
  rows: number;
  isDoing: boolean;
  onFix: () => void;
  onCancel: () => void;
};

/** What a fix would do: three rows before and after, and how many of those that were tried are accepted then. */
export function FixPreview({ words, preview, rows, isDoing, onFix, onCancel }: FixPreviewProps) {
  if (!preview) return <Skeleton h={96} aria-label="Loading" />;
  const { matchedRows, checkedRows, acceptedRows, changedRows, leftOutRows, examples } = preview;
  const many = matchedRows ?? rows;
  const helps = acceptedRows + leftOutRows + changedRows > 0;
  return (
    <Stack gap="xs" role="group" aria-label="Preview">
      <Text size="sm">
        {words}:{' '}
        {leftOutRows > 0 ? `${count(leftOutRows)} would be left out` : `${count(acceptedRows)} would be accepted`}
        {leftOutRows === 0 && `, ${count(Math.max(0, checkedRows - acceptedRows))} still rejected`}
        {checkedRows < many && `, of the first ${count(checkedRows)}`}.
      </Text>
      {examples.map(({ before, after }) => (
        <Text key={before.rowNumber} size="sm">
          <Text span inherit c="dimmed">
            Row {count(before.rowNumber)}
          </Text>{' '}
          {shownBefore(before)} <IconArrowRight size={14} aria-label="becomes" />{' '}
          <Text span inherit c={after?.accepted ? 'var(--tone-green)' : undefined}>
            {after === null ? 'left out' : after.accepted ? shownAfter(after) : after.problems[0]?.message}
          </Text>
        </Text>
      ))}
      <Group gap="xs">
        <Button size="xs" disabled={!helps} loading={isDoing} onClick={onFix}>
          Fix {count(many)}
        </Button>
        <Button size="xs" variant="default" onClick={onCancel}>
          Cancel
        </Button>
      </Group>
    </Stack>
  );
}

/** Each problem names the text that it is about. */
function shownBefore({ problems }: ImportRow): string {
  return /'[^']*'/.exec(problems[0]?.message ?? '')?.[0] ?? problems[0]?.message ?? '';
}

function shownAfter({ recipient }: ImportRow): string {
  return [recipient?.phoneNumber, recipient?.name].filter(Boolean).join(' ');
}
