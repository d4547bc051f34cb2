import { Anchor, Checkbox, Group, Stack, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { answered, api } from '../../../api/client.js';
import { useRoleLacks } from '../../../app/session.js';
import { counted } from '../../../parts/Count.js';
import { ReasonedButton } from '../../../parts/ReasonedButton.js';
import { showDone } from '../../../parts/notices.js';
import { useImportChange, type Import } from './import-queries.js';
import classes from './upload.module.css';

const KINDS = [
  { kind: 'file', one: 'number that occurs earlier in the file', many: 'numbers that occur earlier in the file' },
  { kind: 'batch', one: 'number that the batch has already', many: 'numbers that the batch has already' },
  { kind: 'calledRecently', one: 'number that was called lately', many: 'numbers that were called lately' },
] as const;
type Kind = (typeof KINDS)[number]['kind'];

/** What adding does, in figures; and the button that does it. */
export function Add({ read, onDone }: { read: Import; onDone: () => void }) {
  const [dropped, setDropped] = useState<readonly Kind[]>([]);
  const lacks = useRoleLacks('operator');
  const change = useImportChange((now) => {
    showDone(`${counted(now.acceptedRows, 'recipient was', 'recipients were')} added.`);
    onDone();
  });
  const { duplicates, acceptedRows, rejectedRows } = read;
  const found = KINDS.filter(({ kind }) => (duplicates?.[kind] ?? 0) > 0);
  // Kinds overlap: with several the server alone knows how many go.
  const out =
    dropped.length === 1
      ? (duplicates?.[dropped[0]!] ?? 0)
      : dropped.length === found.length
        ? (duplicates?.any ?? 0)
        : null;
  const isFixing = read.fix?.status === 'RUNNING' || read.fix?.status === 'UNDOING';
  const whyNot = lacks ?? (acceptedRows === 0 ? 'Fix at least one row' : isFixing ? 'A fix is still going on.' : null);
  const add = (): void =>
    change.mutate(() =>
      answered(
        api.POST('/v1/imports/{importId}/confirm', {
          params: { path: { importId: read.id } },
          body: { dropDuplicates: [...dropped] },
        }),
      ),
    );
  return (
    <Group justify="space-between" align="flex-end" gap="sm" className={classes['footer']}>
      <Stack gap={4}>
        {found.map(({ kind, one, many }) => (
          <Checkbox
            key={kind}
            size="sm"
            label={`Leave out ${counted(duplicates?.[kind] ?? 0, one, many)}`}
            checked={dropped.includes(kind)}
            onChange={(event) =>
              setDropped(event.currentTarget.checked ? [...dropped, kind] : dropped.filter((each) => each !== kind))
            }
          />
        ))}
        <Text size="sm" role="status" aria-label="What is added">
          {dropped.length > 0 && out === null
            ? `Up to ${counted(acceptedRows, 'row', 'rows')} will be added`
            : `${counted(acceptedRows - (dropped.length > 0 ? (out ?? 0) : 0), 'row', 'rows')} will be added`}
          {rejectedRows > 0 && `, ${counted(rejectedRows, 'rejected row', 'rejected rows')} will not be added`}.
        </Text>
        {rejectedRows > 0 && (
          <Anchor href={`/v1/imports/${read.id}/rejected.csv`} download size="sm">
            <IconDownload size={14} aria-hidden /> Download rejected (CSV)
          </Anchor>
        )}
      </Stack>
      <ReasonedButton whyNot={whyNot} loading={change.isPending} onClick={add}>
        Add Accepted Rows
      </ReasonedButton>
    </Group>
  );
}
