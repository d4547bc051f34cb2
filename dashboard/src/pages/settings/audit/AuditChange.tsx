import { Code, Text } from '@mantine/core';
import type { Schemas } from '../../../api/client.js';

type Fields = Record<string, unknown> | null;

/** What was changed: each field as it was, and as it is since; folded, where it is more than a line. */
export function AuditChange({ entry: { before, after, detail } }: { entry: Schemas['AuditEntry'] }) {
  const [was, is] = [before as Fields, after as Fields];
  const names = [...new Set([...Object.keys(was ?? {}), ...Object.keys(is ?? {})])];
  const more = Object.keys(detail).length > 0;
  if (names.length === 0 && !more) return null;
  return (
    <details>
      <Text component="summary" size="sm" style={{ cursor: 'pointer' }}>
        {names.length > 0 ? names.join(', ') : 'More'}
      </Text>
      {names.map((name) => (
        <Text key={name} size="xs" style={{ overflowWrap: 'anywhere' }}>
          {name}: <Code>{wordsFor(was?.[name])}</Code> → <Code>{wordsFor(is?.[name])}</Code>
        </Text>
      ))}
      {more && (
        <Code block mt={4} tabIndex={0}>
          {JSON.stringify(detail, null, 2)}
        </Code>
      )}
    </details>
  );
}

function wordsFor(value: unknown): string {
  return value === undefined || value === null ? 'none' : JSON.stringify(value);
}
