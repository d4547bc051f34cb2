import { Button, FileButton, Group, NativeSelect, NumberInput, SimpleGrid, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { ReasonedButton } from '../../../parts/ReasonedButton.js';
import { CountryOfNumbers } from './CountryOfNumbers.js';
import { ColumnLines, type ColumnLine } from './ColumnLines.js';
import { useRows, type Import } from './import-queries.js';
import { samplesOf } from './samples.js';
import type { ReadAs } from './uploads.js';

type ColumnsProps = {
  read: Import;
  /** The file, when it was uploaded from this page. */
  known: { file: File; readAs: ReadAs } | undefined;
  onBack: () => void;
  onRead: (file: File, readAs: ReadAs) => void;
};
const HEADER_ROW_MAX = 50;
const SEPARATORS = [
  { value: '', label: 'Found by itself' },
  { value: 'comma', label: 'Comma ,' },
  { value: 'semicolon', label: 'Semicolon ;' },
  { value: 'tab', label: 'Tab' },
  { value: 'bar', label: 'Bar |' },
];

/** What each column was taken for. What is changed is read again from the file. */
export function Columns({ read, known, onBack, onRead }: ColumnsProps) {
  const [file, setFile] = useState<File | null>(known?.file ?? null);
  const [readAs, setReadAs] = useState<ReadAs>(known?.readAs ?? {});
  const accepted = useRows(read.id, { accepted: true });
  const rejected = useRows(read.id, { accepted: false });
  const rows = [accepted, rejected].flatMap(({ data }) => data?.pages[0]?.data ?? []);
  const chosen = readAs.columns ?? {};
  const lines: ColumnLine[] = (read.columns ?? []).map(({ column, header, takenAs, how, explanation }) => ({
    column,
    header,
    samples: samplesOf(rows, header, takenAs),
    usedAs: chosen[header] ?? takenAs,
    how: header in chosen ? 'chosen' : how,
    explanation,
  }));
  const hasPhone = lines.some(({ usedAs }) => usedAs === 'phoneNumber');
  const isUnchanged = file === known?.file && JSON.stringify(readAs) === JSON.stringify(known.readAs);
  const whyNot = !hasPhone
    ? 'Choose the column with the phone numbers.'
    : file === null
      ? 'Choose the file again first.'
      : isUnchanged
        ? 'Nothing was changed.'
        : null;
  return (
    <Stack>
      <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }}>
        <NumberInput
          label="Headers are in row"
          min={1}
          max={HEADER_ROW_MAX}
          allowDecimal={false}
          value={readAs.headerRow ?? 1}
          onChange={(value) => setReadAs({ ...readAs, headerRow: typeof value === 'number' ? value : 1 })}
        />
        <NativeSelect
          label="Separator"
          data={SEPARATORS}
          value={readAs.separator ?? ''}
          onChange={(event) => setReadAs({ ...readAs, separator: event.currentTarget.value })}
        />
        <NativeSelect
          label="Encoding"
          data={[{ value: '', label: `Found: ${read.encoding?.name ?? 'utf-8'}` }, ...encodingsOf(read)]}
          value={readAs.encoding ?? ''}
          onChange={(event) => setReadAs({ ...readAs, encoding: event.currentTarget.value })}
        />
        <CountryOfNumbers
          value={readAs.defaultCountry ?? null}
          onChange={(defaultCountry) => setReadAs({ ...readAs, defaultCountry: defaultCountry ?? '' })}
        />
      </SimpleGrid>
      <ColumnLines
        lines={lines}
        onUse={(header, usedAs) => setReadAs({ ...readAs, columns: { ...chosen, [header]: usedAs } })}
      />
      {file === null && (
        <Group>
          <Text size="sm">To read it in another way, choose the file again: it is not kept in this browser.</Text>
          <FileButton accept=".csv,text/csv" onChange={(next) => next && setFile(next)}>
            {(props) => (
              <Button size="xs" variant="default" {...props}>
                Choose the file
              </Button>
            )}
          </FileButton>
        </Group>
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={onBack}>
          Back to the rows
        </Button>
        <ReasonedButton whyNot={whyNot} onClick={() => file && onRead(file, readAs)}>
          Read the file again
        </ReasonedButton>
      </Group>
    </Stack>
  );
}

const USUAL = ['utf-8', 'windows-1252', 'windows-1250', 'windows-1251', 'windows-1256', 'windows-1255', 'utf-16le'];

function encodingsOf({ encoding }: Import): { value: string; label: string }[] {
  return [...new Set([...(encoding?.alternatives ?? []), ...USUAL])].map((value) => ({ value, label: value }));
}
