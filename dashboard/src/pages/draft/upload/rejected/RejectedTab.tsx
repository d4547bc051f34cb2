import { NativeSelect, Stack, Text, UnstyledButton } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useState } from 'react';
import type { Batch, Schemas } from '../../../../api/client.js';
import { EmptyState } from '../../../../parts/EmptyState.js';
import { GroupActions } from './GroupActions.js';
import { RejectedRows } from './RejectedRows.js';
import type { Import } from '../import-queries.js';
import { wordsOfProblem } from './problem-words.js';
import classes from '../upload.module.css';
import type { ReadAs } from '../uploads.js';

type Code = Schemas['ImportProblem']['code'];

const NARROW = '(max-width: 62em)';

/** Rejected rows by what is wrong with them: the largest group first, what can be done with all of it, and its rows. */
export function RejectedTab({ read, batch, readAs }: { read: Import; batch: Batch; readAs: ReadAs | undefined }) {
  const [chosen, setChosen] = useState<Code | 'all'>('all');
  const isNarrow = useMediaQuery(NARROW) ?? false;
  if (read.rejectedRows === 0)
    return <EmptyState title="No row is rejected">All rows of the file can be added.</EmptyState>;
  const groups = (read.problems ?? []).filter(({ rejectedRows, actions }) => rejectedRows > 0 && isReason({ actions }));
  const group = groups.find(({ code }) => code === chosen);
  return (
    <div className={classes['split']}>
      {isNarrow ? (
        <NativeSelect
          label="What is wrong"
          value={group?.code ?? 'all'}
          data={[
            { value: 'all', label: 'All rejected rows' },
            ...groups.map((each) => ({ value: each.code, label: wordsOfProblem(each) })),
          ]}
          onChange={(event) => setChosen(event.currentTarget.value as Code | 'all')}
        />
      ) : (
        <ul className={classes['groups']} aria-label="What is wrong">
          <li>
            <UnstyledButton className={classes['group']} aria-pressed={!group} onClick={() => setChosen('all')}>
              <Text size="sm">All rejected rows</Text>
            </UnstyledButton>
          </li>
          {groups.map((each) => (
            <li key={each.code}>
              <UnstyledButton
                className={classes['group']}
                aria-pressed={each === group}
                onClick={() => setChosen(each.code)}
              >
                <Text size="sm">{wordsOfProblem(each)}</Text>
              </UnstyledButton>
            </li>
          ))}
        </ul>
      )}
      <Stack gap="sm">
        {group && <GroupActions key={`actions ${group.code}`} read={read} problem={group} />}
        <RejectedRows
          key={`rows ${group?.code ?? 'all'}`}
          read={read}
          batch={batch}
          code={group?.code}
          readAs={readAs}
        />
      </Stack>
    </div>
  );
}

/** A warning rejects no row, and no fix is about it. */
function isReason({ actions }: Pick<Schemas['ImportProblem'], 'actions'>): boolean {
  return actions.length > 0;
}
