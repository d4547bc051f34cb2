import { Alert, Button, FileInput, Group, List, Stack, Text } from '@mantine/core';
import { IconFileText } from '@tabler/icons-react';
import { useState } from 'react';
import { Dialog } from '../../parts/dialog/Dialog.js';
import { answered, api } from '../../api/client.js';
import { useChange } from '../../app/changes/use-change.js';
import { counted } from '../../parts/Count.js';
import { wordsOf } from '../../parts/ErrorState.js';
import { CountrySelect } from './CountrySelect.js';
import { AGAIN, wordsForAdded } from './suppression-queries.js';

/** Adds the numbers of a CSV, and says which rows could not be read. */
export function ImportNumbers({ onClose }: { onClose: () => void }) {
  const [file, setFile] = useState<File | null>(null);
  const [country, setCountry] = useState<string | null>(null);
  const upload = useChange(() => send(file, country), { again: AGAIN, onError: () => undefined });
  const done = upload.data;
  return (
    <Dialog onClose={onClose} title="Upload a CSV of numbers">
      <Stack>
        <FileInput
          label="File"
          description=".csv with the header phone_number, and reason if there is one"
          placeholder="Choose a file"
          accept=".csv,text/csv"
          leftSection={<IconFileText size={16} aria-hidden />}
          value={file}
          onChange={(next) => {
            setFile(next);
            upload.reset();
          }}
        />
        <CountrySelect value={country} onChange={setCountry} />
        {upload.isError && (
          <Alert color="red" role="alert">
            {wordsOf(upload.error)}
          </Alert>
        )}
        {done && (
          <Alert color={done.rejectedRows > 0 ? 'yellow' : 'green'} role="status" title={wordsForAdded(done)}>
            {done.rejectedRows > 0 && (
              <>
                <Text size="sm">{counted(done.rejectedRows, 'row was', 'rows were')} left out:</Text>
                <List size="sm" mah={200} style={{ overflow: 'auto' }} tabIndex={0}>
                  {done.rejected.map(({ rowNumber, message }) => (
                    <List.Item key={rowNumber}>
                      Row {rowNumber}: {message}
                    </List.Item>
                  ))}
                </List>
              </>
            )}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
          <Button
            disabled={file === null || upload.isSuccess}
            loading={upload.isPending}
            onClick={() => upload.mutate()}
          >
            Add the numbers
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

function send(file: File | null, country: string | null) {
  const form = new FormData();
  if (file) form.append('file', file, file.name);
  return answered(
    api.POST('/v1/suppressions/import', {
      params: { query: country === null ? {} : { defaultCountry: country } },
      // The type describes the fields; what is sent is the form that has them.
      body: { file: '' },
      bodySerializer: () => form,
    }),
  );
}
