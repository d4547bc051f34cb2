import { Anchor, Checkbox, Text } from '@mantine/core';
import { OUTCOME_SHOWN } from '../../../../../domain/shown/statuses.js';
import type { Batch, Schemas } from '../../../api/client.js';
import type { Column } from '../../../parts/DataTable.js';
import { Moment } from '../../../parts/Moment.js';
import { RecipientBadge } from '../../../parts/StatusBadge.js';

type Recipient = Schemas['Recipient'];
type Choosing = {
  chosen: ReadonlySet<string>;
  toggle: (id: string) => void;
  variables: readonly string[];
  open: (id: string) => void;
};

/** So many variables can be columns: those of the first rows. */
const ROWS_LOOKED_AT = 50;

export function variablesIn(rows: readonly Recipient[]): string[] {
  return [...new Set(rows.slice(0, ROWS_LOOKED_AT).flatMap(({ variables }) => Object.keys(variables)))].sort();
}

export function columnsOf({ timeZone }: Batch, choosing: Choosing): readonly Column<Recipient>[] {
  return [
    {
      id: 'chosen',
      header: 'Choose',
      isHeaderHidden: true,
      width: '1.75rem',
      cell: ({ id, phoneNumber }) => (
        <Checkbox
          aria-label={`Choose ${phoneNumber}`}
          checked={choosing.chosen.has(id)}
          onChange={() => choosing.toggle(id)}
        />
      ),
    },
    {
      id: 'phoneNumber',
      header: 'Phone number',
      width: '9.5rem',
      cell: ({ id, phoneNumber }) => (
        <Anchor component="button" type="button" size="sm" onClick={() => choosing.open(id)}>
          <bdi dir="ltr">{phoneNumber}</bdi>
        </Anchor>
      ),
    },
    { id: 'name', header: 'Name', width: 'minmax(7rem, 1.5fr)', cell: ({ name }) => <Truncated text={name ?? ''} /> },
    { id: 'status', header: 'Status', width: '9rem', cell: ({ status }) => <RecipientBadge status={status} /> },
    {
      id: 'attempts',
      header: 'Attempts',
      width: '4.75rem',
      isNumber: true,
      cell: ({ attemptCount, maxAttempts }) => <span>{`${attemptCount}/${maxAttempts}`}</span>,
    },
    {
      id: 'lastOutcome',
      header: 'Last outcome',
      width: '7rem',
      cell: ({ lastOutcome }) => (lastOutcome ? OUTCOME_SHOWN[lastOutcome].label : null),
    },
    ...choosing.variables.map((name) => ({
      id: `variable-${name}`,
      header: name,
      width: 'minmax(6rem, 1fr)',
      cell: ({ variables }: Recipient) => <Truncated text={variables[name] ?? ''} />,
    })),
    {
      id: 'next',
      header: 'Waits for',
      width: 'minmax(9rem, 2fr)',
      cell: ({ waitingFor, lastError }) => (
        <Text size="sm" truncate title={waitingFor?.message ?? lastError ?? ''}>
          {waitingFor?.until && (
            <>
              <Moment at={waitingFor.until} zone={timeZone} />{' '}
            </>
          )}
          {waitingFor?.message ?? lastError}
        </Text>
      ),
    },
  ];
}

function Truncated({ text }: { text: string }) {
  return (
    <Text size="sm" truncate title={text}>
      <bdi dir="auto">{text}</bdi>
    </Text>
  );
}
