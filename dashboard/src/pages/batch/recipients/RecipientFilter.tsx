import { Chip, Group, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { RECIPIENT_STATUSES, type RecipientStatus } from '../../../../../domain/recipients/status.js';
import { RECIPIENT_SHOWN } from '../../../../../domain/shown/statuses.js';
import { SEARCH_MARK } from '../../../app/keys/keys.js';
import { count } from '../../../parts/Count.js';

type RecipientFilterProps = {
  counts: Record<RecipientStatus, number> & { total: number };
  status: RecipientStatus | null;
  onStatus: (status: RecipientStatus | null) => void;
  search: string;
  onSearch: (text: string) => void;
  extra: ReactNode;
};

/** One status or all, and a part of a phone number or a name. */
export function RecipientFilter({ counts, status, onStatus, search, onSearch, extra }: RecipientFilterProps) {
  return (
    <Group gap="xs">
      <TextInput
        {...SEARCH_MARK}
        aria-label="Search by phone or name"
        placeholder="Search by phone or name"
        leftSection={<IconSearch size={16} aria-hidden />}
        dir="auto"
        maxLength={100}
        value={search}
        onChange={(event) => onSearch(event.currentTarget.value)}
      />
      {extra}
      <Chip.Group value={status ?? ''} onChange={(next) => onStatus(next === '' ? null : (next as RecipientStatus))}>
        <Group gap={6} role="group" aria-label="Status of the recipients">
          <Chip size="xs" value="">
            All {count(counts.total)}
          </Chip>
          {RECIPIENT_STATUSES.map((each) => (
            <Chip key={each} size="xs" value={each}>
              {RECIPIENT_SHOWN[each].label} {count(counts[each])}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
    </Group>
  );
}
