import { Table } from '@mantine/core';

/** What the provider's analysis found, by its own names. */
export function Analysis({ found }: { found: Record<string, unknown> }) {
  return (
    <Table aria-label="Analysis" verticalSpacing={4}>
      <Table.Tbody>
        {Object.entries(found).map(([name, value]) => (
          <Table.Tr key={name}>
            <Table.Th scope="row" fw={400} c="dimmed" w="40%" style={{ overflowWrap: 'anywhere' }}>
              {name}
            </Table.Th>
            <Table.Td dir="auto" style={{ overflowWrap: 'anywhere' }}>
              {wordsFor(value)}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function wordsFor(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (value === null || value === undefined) return '';
  return typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value);
}
