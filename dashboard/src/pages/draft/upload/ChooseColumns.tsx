import { Group, NumberInput, Skeleton, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { reservedFieldOf } from '../../../../../domain/imports/csv-headers.js';
import { shapeOf } from '../../../../../domain/imports/csv/csv-shape.js';
import { ReasonedButton } from '../../../parts/ReasonedButton.js';
import { ColumnLines, type ColumnLine } from './ColumnLines.js';
import type { ReadAs } from './uploads.js';

type ChooseColumnsProps = { file: File; readAs: ReadAs; onRead: (readAs: ReadAs) => void };

const HEAD_BYTES = 65_536;
const HEADER_ROW_MAX = 50;
const SAMPLES_MAX = 3;

/** For a file in which no header says where the numbers are: its columns, looked at in this browser. */
export function ChooseColumns({ file, readAs, onRead }: ChooseColumnsProps) {
  const [chosenRow, setChosenRow] = useState(readAs.headerRow);
  const [columns, setColumns] = useState<NonNullable<ReadAs['columns']>>(readAs.columns ?? {});
  const head = useQuery({
    queryKey: ['head-of-file', file.name, file.size, file.lastModified],
    gcTime: 0,
    queryFn: async () =>
      new TextDecoder(readAs.encoding || 'utf-8').decode(await file.slice(0, HEAD_BYTES).arrayBuffer()),
  });
  if (head.data === undefined) return <Skeleton h={160} aria-label="Loading" />;
  const isWhole = file.size <= HEAD_BYTES;
  const foundRow = headerRowOf(head.data, isWhole);
  const headerRow = chosenRow ?? foundRow ?? 1;
  const { headers, firstRows } = shapeOf(head.data, { headerRow, isWhole, rowBytesMax: HEAD_BYTES });
  const lines = headers.map((header, index): ColumnLine => {
    const found = reservedFieldOf(header, 'recipient');
    return {
      column: index + 1,
      header,
      samples: firstRows
        .map((row) => row[index]?.trim() ?? '')
        .filter(Boolean)
        .slice(0, SAMPLES_MAX),
      usedAs: columns[header] ?? found ?? (header.trim() === '' ? 'ignored' : 'variable'),
      how: header in columns ? 'chosen' : 'found',
      explanation: header.trim() === '' ? 'it has no header' : null,
    };
  });
  const phones = lines.filter(({ usedAs }) => usedAs === 'phoneNumber').length;
  return (
    <Stack gap="sm">
      <NumberInput
        label="Headers are in row"
        w={160}
        min={1}
        max={HEADER_ROW_MAX}
        allowDecimal={false}
        value={headerRow}
        onChange={(value) => typeof value === 'number' && setChosenRow(value)}
      />
      <Text size="sm">
        {headerRow === foundRow && phones === 1
          ? `Row ${foundRow} has a column of phone numbers: the rows below it are people.`
          : 'Which column has the phone numbers?'}
      </Text>
      <ColumnLines lines={lines} onUse={(header, kind) => setColumns({ ...columns, [header]: kind })} />
      <Group justify="flex-end">
        <ReasonedButton
          whyNot={
            phones === 0 ? 'Choose the column with the phone numbers.' : phones > 1 ? 'Choose one phone column.' : null
          }
          onClick={() => onRead({ ...readAs, headerRow, columns })}
        >
          Read the file again
        </ReasonedButton>
      </Group>
    </Stack>
  );
}

/** The first row that names a column of phone numbers: above it are titles. Null: no row does. */
function headerRowOf(head: string, isWhole: boolean): number | null {
  for (let headerRow = 1; headerRow <= HEADER_ROW_MAX; headerRow++) {
    const { headers } = shapeOf(head, { headerRow, isWhole, rowBytesMax: HEAD_BYTES });
    if (headers.some((header) => reservedFieldOf(header, 'recipient') === 'phoneNumber')) return headerRow;
  }
  return null;
}
