import { Stack, Table, Title } from '@mantine/core';
import type { Schemas } from '../../../api/client.js';

/** What the agent is told, and what goes with the call. */
export function Variables({ recipient }: { recipient: Schemas['RecipientWithAttempts'] }) {
  const parts = [
    { title: 'Variables', rows: Object.entries(recipient.variables) },
    {
      title: 'Metadata',
      rows: Object.entries(recipient.metadata).map(([name, value]) => [name, JSON.stringify(value)] as const),
    },
    { title: 'SIP headers', rows: Object.entries(recipient.customSipHeaders) },
  ].filter(({ rows }) => rows.length > 0);
  return (
    <Stack gap="xs">
      {parts.map(({ title, rows }) => (
        <section key={title} aria-label={title}>
          <Title order={3} size="h6">
            {title}
          </Title>
          <Table aria-label={title}>
            <Table.Tbody>
              {rows.map(([name, value]) => (
                <Table.Tr key={name}>
                  <Table.Th scope="row" w="40%" fw={500} style={{ overflowWrap: 'anywhere' }}>
                    {title === 'Variables' ? `{{${name}}}` : name}
                  </Table.Th>
                  <Table.Td style={{ overflowWrap: 'anywhere' }} dir="auto">
                    {value}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </section>
      ))}
    </Stack>
  );
}
