import { Badge, Group, NativeSelect, Stack, Text } from '@mantine/core';
import type { Tone } from '../../../../../domain/shown/tones.js';
import type { Schemas } from '../../../api/client.js';
import { COLUMN_CHOICES } from './column-words.js';

type Kind = Schemas['ImportColumn']['takenAs'];
export type ColumnLine = {
  column: number;
  header: string;
  samples: readonly string[];
  usedAs: Kind | null;
  how: Schemas['ImportColumn']['how'];
  explanation: string | null;
};
type ColumnLinesProps = { lines: readonly ColumnLine[]; onUse: (header: string, kind: Kind) => void };

/** One line for each column of the file: its header, what stands in it, and what it is used as. */
export function ColumnLines({ lines, onUse }: ColumnLinesProps) {
  return (
    <Stack gap={4} component="ul" m={0} p={0} aria-label="Columns of the file">
      {lines.map(({ column, header, samples, usedAs, how, explanation }) => (
        <Group key={column} component="li" gap="sm" py={4} style={{ listStyle: 'none' }}>
          <Text size="sm" fw={600} w="12rem" truncate title={header}>
            <bdi dir="auto">{header || '(no header)'}</bdi>
          </Text>
          <Text size="sm" c="dimmed" flex="1 1 12rem" truncate title={samples.join(', ')}>
            <bdi dir="auto">{samples.join(', ')}</bdi>
          </Text>
          <NativeSelect
            size="xs"
            w="12rem"
            aria-label={`Use ${header || `column ${column}`} as`}
            data={[...(usedAs === null ? [{ value: '', label: 'Choose…' }] : []), ...COLUMN_CHOICES]}
            value={usedAs ?? ''}
            disabled={header.trim() === ''}
            onChange={(event) => event.currentTarget.value && onUse(header, event.currentTarget.value as Kind)}
          />
          <Mark usedAs={usedAs} how={how} explanation={explanation} />
        </Group>
      ))}
    </Stack>
  );
}

function Mark({ usedAs, how, explanation }: Pick<ColumnLine, 'usedAs' | 'how' | 'explanation'>) {
  const [words, tone]: [string, Tone] =
    usedAs === 'ignored'
      ? [`Ignored${explanation ? `: ${explanation}` : ''}`, 'grey']
      : usedAs === 'variable'
        ? ['Variable', 'indigo']
        : how === 'guessed'
          ? [`Guessed: ${explanation ?? ''}`, 'amber']
          : how === 'chosen'
            ? ['Chosen', 'blue']
            : ['Found', 'green'];
  return (
    <Badge variant="light" tt="none" fw={600} miw="5rem" c={`var(--tone-${tone})`} bg={`var(--tone-${tone}-ground)`}>
      {words}
    </Badge>
  );
}
