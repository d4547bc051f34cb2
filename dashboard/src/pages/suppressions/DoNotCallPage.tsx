import '../../app/mantine-styles-of-pages.js';
import { Group, Skeleton, Stack, Text, TextInput, Title } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconPlus, IconSearch, IconUpload } from '@tabler/icons-react';
import { useState } from 'react';
import type { Schemas } from '../../api/client.js';
import { useWorkspace, rowsOf } from '../../api/queries.js';
import { SEARCH_MARK } from '../../app/keys/keys.js';
import { useRoleLacks } from '../../app/session.js';
import { counted } from '../../parts/Count.js';
import { DataTable, type Column } from '../../parts/DataTable.js';
import { EmptyState } from '../../parts/EmptyState.js';
import { ErrorState } from '../../parts/ErrorState.js';
import { Moment } from '../../parts/Moment.js';
import { PhoneNumber } from '../../parts/PhoneNumber.js';
import { ReasonedButton } from '../../parts/ReasonedButton.js';
import { AddNumbers } from './AddNumbers.js';
import { ImportNumbers } from './ImportNumbers.js';
import { RemoveNumber } from './RemoveNumber.js';
import { useSuppressions } from './suppression-queries.js';

type Suppression = Schemas['Suppression'];
const SEARCHED_AFTER_MS = 250;

/** Numbers that no batch of the workspace calls. What is searched for is in no address: it is a number, mostly. */
export function DoNotCallPage() {
  const lacks = useRoleLacks('operator');
  const [asked, setAsked] = useState<'add' | 'import' | null>(null);
  const [search, setSearch] = useState('');
  const [text] = useDebouncedValue(search.trim(), SEARCHED_AFTER_MS);
  const list = useSuppressions(text);
  const total = useWorkspace().data?.suppressions;
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1} size="h2">
          Do not call
        </Title>
        <Group gap="xs">
          <ReasonedButton
            variant="default"
            whyNot={lacks}
            leftSection={<IconUpload size={16} aria-hidden />}
            onClick={() => setAsked('import')}
          >
            Upload CSV
          </ReasonedButton>
          <ReasonedButton
            whyNot={lacks}
            leftSection={<IconPlus size={16} aria-hidden />}
            onClick={() => setAsked('add')}
          >
            Add numbers
          </ReasonedButton>
        </Group>
      </Group>
      <Group justify="space-between">
        <TextInput
          {...SEARCH_MARK}
          aria-label="Search by number or reason"
          placeholder="Search by number or reason"
          w={280}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        {total !== undefined && (
          <Text size="sm" c="dimmed" role="status">
            {counted(total, 'number is', 'numbers are')} never called
          </Text>
        )}
      </Group>
      {list.isLoadingError && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <Skeleton h={240} aria-label="Loading" />}
      {list.data && (
        <DataTable<Suppression>
          label="Do not call"
          columns={COLUMNS}
          {...rowsOf(list)}
          keyOf={({ phoneNumber }) => phoneNumber}
          empty={
            <EmptyState title={text === '' ? 'No number yet' : 'No number is like this'}>
              {text === ''
                ? 'Numbers that are added here are called by no batch, from that moment on.'
                : 'Search for the whole number with its country code, or for a part of it.'}
            </EmptyState>
          }
        />
      )}
      {asked === 'add' && <AddNumbers onClose={() => setAsked(null)} />}
      {asked === 'import' && <ImportNumbers onClose={() => setAsked(null)} />}
    </Stack>
  );
}

const COLUMNS: readonly Column<Suppression>[] = [
  {
    id: 'number',
    header: 'Phone number',
    width: '12rem',
    cell: ({ phoneNumber }) => <PhoneNumber value={phoneNumber} />,
  },
  {
    id: 'reason',
    header: 'Where it came from',
    width: 'minmax(10rem, 3fr)',
    cell: ({ reason }) => (
      <Text size="sm" truncate title={reason ?? ''} c={reason === null ? 'dimmed' : undefined}>
        <bdi dir="auto">{reason ?? 'not said'}</bdi>
      </Text>
    ),
  },
  {
    id: 'created',
    header: 'Added',
    width: '10rem',
    cell: ({ createdAt }) => (
      <Text size="sm" span>
        <Moment at={createdAt} />
      </Text>
    ),
  },
  {
    id: 'remove',
    header: 'Remove',
    isHeaderHidden: true,
    width: '7rem',
    cell: (suppression) => <RemoveNumber suppression={suppression} />,
  },
];
