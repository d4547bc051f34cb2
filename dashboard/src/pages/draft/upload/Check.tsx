import { Alert, Button, Group, Paper, SimpleGrid, Stack, Tabs, Text } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useState } from 'react';
import type { Batch } from '../../../api/client.js';
import { count } from '../../../parts/Count.js';
import { AcceptedTab } from './AcceptedTab.js';
import { DuplicatesTab } from './DuplicatesTab.js';
import { LastFix } from './rejected/LastFix.js';
import { RejectedTab } from './rejected/RejectedTab.js';
import { COLUMN_WORDS } from './column-words.js';
import type { Import } from './import-queries.js';
import type { ReadAs } from './uploads.js';
import classes from './upload.module.css';

type CheckProps = {
  read: Import;
  batch: Batch;
  readAs: ReadAs | undefined;
  onColumns: () => void;
  /** Undefined: the file is not at hand. */
  onReadAgain: ((readAs: ReadAs) => void) | undefined;
};

/** Which rows are accepted, which are not, and what can be done about those. */
export function Check({ read, batch, readAs, onColumns, onReadAgain }: CheckProps) {
  const { acceptedRows, rejectedRows, duplicates, warnings } = read;
  const [tab, setTab] = useState<string | null>(rejectedRows > 0 ? 'rejected' : 'accepted');
  const repeated = duplicates?.any ?? 0;
  const repaired = warnings.find(({ code }) => code === 'phone_repaired')?.count ?? 0;
  const told = warnings.filter(({ code }) => !TOLD_ELSEWHERE.includes(code));
  return (
    <Stack gap="xs" className={classes['tables']}>
      <Group gap="xs" wrap="nowrap">
        <IconCheck size={16} aria-hidden />
        <Text size="sm">Columns: {columnsInWords(read)}</Text>
        <Button size="compact-sm" variant="subtle" onClick={onColumns}>
          Change
        </Button>
      </Group>
      <Encoding read={read} onReadAgain={onReadAgain} />
      <SimpleGrid cols={3} spacing="xs">
        <Card
          label="Accepted"
          value={acceptedRows}
          tone="green"
          note={repaired > 0 ? `${count(repaired)} repaired` : ''}
        />
        <Card label="Rejected" value={rejectedRows} tone="red" note={rejectedRows > 0 ? 'not added' : ''} />
        {repeated > 0 && <Card label="Duplicates" value={repeated} tone="amber" note="of the accepted" />}
      </SimpleGrid>
      <LastFix read={read} />
      {told.map(({ code, message, count: rows }) => (
        <Text key={`${code} ${message}`} size="sm" c="var(--tone-amber)">
          {rows !== undefined && rows > 1 ? `${count(rows)} × ` : ''}
          {message}
        </Text>
      ))}
      <Tabs value={tab} onChange={setTab} keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="accepted">Accepted ({count(acceptedRows)})</Tabs.Tab>
          <Tabs.Tab value="rejected">Rejected ({count(rejectedRows)})</Tabs.Tab>
          {repeated > 0 && <Tabs.Tab value="duplicates">Duplicates ({count(repeated)})</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="accepted" pt="xs">
          <AcceptedTab read={read} />
        </Tabs.Panel>
        <Tabs.Panel value="rejected" pt="xs">
          <RejectedTab read={read} batch={batch} readAs={readAs} />
        </Tabs.Panel>
        <Tabs.Panel value="duplicates" pt="xs">
          <DuplicatesTab importId={read.id} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}

/** Cards and other lines of this page say it. */
const TOLD_ELSEWHERE: readonly string[] = ['phone_repaired', 'duplicate_phone', 'encoding_uncertain'];

function Card({ label, value, tone, note }: { label: string; value: number; tone: string; note: string }) {
  return (
    <Paper
      px="xs"
      py={4}
      role="group"
      aria-label={label}
      className={classes['card']}
      style={{ background: `var(--tone-${tone}-ground)`, color: `var(--tone-${tone})` }}
    >
      <Group gap={6} align="baseline">
        <Text size="xl" fw={650} lh={1.2}>
          {count(value)}
        </Text>
        <Text size="sm" fw={600}>
          {label}
        </Text>
        <Text size="xs" visibleFrom="xs">
          {note}
        </Text>
      </Group>
    </Paper>
  );
}

function columnsInWords({ columns }: Import): string {
  const known = columns?.filter(({ takenAs }) => takenAs !== 'variable' && takenAs !== 'ignored') ?? [];
  const variables = columns?.filter(({ takenAs }) => takenAs === 'variable').length ?? 0;
  const ignored = columns?.filter(({ takenAs }) => takenAs === 'ignored').length ?? 0;
  return [
    ...known.map(({ takenAs }) => inSentence(COLUMN_WORDS[takenAs])),
    variables > 0 && `${count(variables)} ${variables === 1 ? 'variable' : 'variables'}`,
    ignored > 0 && `${count(ignored)} ignored`,
  ]
    .filter(Boolean)
    .join(', ');
}

/** Names such as E.164 and SIP keep their letters. */
function inSentence(words: string): string {
  return `${words.charAt(0).toLowerCase()}${words.slice(1)}`;
}

/** Only where the bytes could mean other letters, too. */
function Encoding({ read, onReadAgain }: Pick<CheckProps, 'read' | 'onReadAgain'>) {
  const { encoding } = read;
  if (!encoding || encoding.certain) return null;
  return (
    <Alert color="yellow" title="Do these names look right?">
      <Group gap="xs">
        <Text size="sm" dir="auto">
          {encoding.samples.join(', ')}
        </Text>
        {onReadAgain &&
          encoding.alternatives.slice(0, 4).map((other) => (
            <Button key={other} size="compact-sm" variant="default" onClick={() => onReadAgain({ encoding: other })}>
              Read as {other}
            </Button>
          ))}
      </Group>
    </Alert>
  );
}
