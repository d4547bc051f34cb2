import { Anchor, Checkbox, Text } from '@mantine/core';
import { OUTCOME_SHOWN } from '../../../../../domain/shown/statuses.js';
import type { Batch, Schemas } from '../../../api/client.js';
import type { Column } from '../../../parts/DataTable.js';
import { Moment } from '../../../parts/Moment.js';
import { placeOf } from '../../../parts/moments.js';
import { RecipientBadge } from '../../../parts/StatusBadge.js';
import type { ColumnsShown, OptionalColumn } from './column-choice.js';

type Recipient = Schemas['Recipient'];
type Choosing = {
  chosen: ReadonlySet<string>;
  toggle: (id: string) => void;
  shown: ColumnsShown;
  open: (id: string) => void;
};

/** So many variables can be columns: those of the first rows. */
const ROWS_LOOKED_AT = 50;

export function variablesIn(rows: readonly Recipient[]): string[] {
  return [...new Set(rows.slice(0, ROWS_LOOKED_AT).flatMap(({ variables }) => Object.keys(variables)))].sort();
}

/** Who it is, and what was chosen to be seen; what a recipient waits for is the widest, and last. */
export function columnsOf({ timeZone }: Batch, choosing: Choosing): readonly Column<Recipient>[] {
  const { chosen, toggle, shown, open } = choosing;
  const isShown = ({ id }: Column<Recipient>): boolean => shown.columns.includes(id as OptionalColumn);
  return [
    {
      id: 'chosen',
      header: 'Choose',
      isHeaderHidden: true,
      width: '1.75rem',
      cell: ({ id, phoneNumber }) => (
        <Checkbox aria-label={`Choose ${phoneNumber}`} checked={chosen.has(id)} onChange={() => toggle(id)} />
      ),
    },
    {
      id: 'phoneNumber',
      header: 'Phone number',
      width: '9.5rem',
      cell: ({ id, phoneNumber }) => (
        <Anchor component="button" type="button" size="sm" onClick={() => open(id)}>
          <bdi dir="ltr">{phoneNumber}</bdi>
        </Anchor>
      ),
    },
    ...OPTIONAL.filter(isShown),
    ...shown.variables.map((name) => ({
      id: `variable-${name}`,
      header: name,
      width: 'minmax(6rem, 1fr)',
      cell: ({ variables }: Recipient) => <Truncated text={variables[name] ?? ''} />,
    })),
    ...[waitsFor(timeZone)].filter(isShown),
  ];
}

const OPTIONAL: readonly Column<Recipient>[] = [
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
  {
    id: 'lastError',
    header: 'Last error',
    width: 'minmax(9rem, 1.5fr)',
    cell: ({ lastError }) => <Truncated text={lastError ?? ''} />,
  },
  {
    id: 'timeZone',
    header: 'Time zone',
    width: 'minmax(7rem, 1fr)',
    cell: ({ zones }) => <Truncated text={zones.names.map(placeOf).join(', ') || 'Unknown'} />,
  },
  {
    id: 'added',
    header: 'Added',
    width: '8rem',
    cell: ({ createdAt }) => (
      <Text size="sm" span>
        <Moment at={createdAt} />
      </Text>
    ),
  },
];

function waitsFor(timeZone: string | null): Column<Recipient> {
  return {
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
  };
}

function Truncated({ text }: { text: string }) {
  return (
    <Text size="sm" truncate title={text}>
      <bdi dir="auto">{text}</bdi>
    </Text>
  );
}
