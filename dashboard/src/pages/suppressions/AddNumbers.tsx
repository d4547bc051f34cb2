import { Button, Group, Stack, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Dialog } from '../../parts/dialog/Dialog.js';
import { answered, api, DialwrightError } from '../../api/client.js';
import { useChange } from '../../app/changes/use-change.js';
import { counted } from '../../parts/Count.js';
import { wordsOf } from '../../parts/ErrorState.js';
import { showDone } from '../../parts/notices.js';
import { CountrySelect } from './CountrySelect.js';
import { AGAIN, wordsForAdded } from './suppression-queries.js';

/** One number, or many that were pasted: all of them are added, or none. */
export function AddNumbers({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('');
  const [reason, setReason] = useState('');
  const [country, setCountry] = useState<string | null>(null);
  const phoneNumbers = numbersIn(text);
  const add = useChange(
    () =>
      answered(
        api.POST('/v1/suppressions', {
          body: { phoneNumbers, reason: reason.trim() || null, ...(country !== null && { defaultCountry: country }) },
        }),
      ),
    {
      again: AGAIN,
      onDone: (done) => {
        showDone(wordsForAdded(done));
        onClose();
      },
      // Said beside the field.
      onError: () => undefined,
    },
  );
  return (
    <Dialog onClose={onClose} title="Add numbers that are never called">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (phoneNumbers.length > 0) add.mutate();
        }}
      >
        <Stack>
          <Textarea
            label="Phone numbers"
            description="One on each line, or separated by commas"
            placeholder="+12025550123"
            autosize
            minRows={3}
            maxRows={12}
            dir="ltr"
            data-autofocus
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            error={add.isError ? problemIn(add.error, phoneNumbers) : null}
          />
          <CountrySelect value={country} onChange={setCountry} />
          <TextInput
            label="Where it came from"
            description="Others see it"
            maxLength={200}
            dir="auto"
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Close
            </Button>
            <Button type="submit" loading={add.isPending} disabled={phoneNumbers.length === 0}>
              Add {counted(phoneNumbers.length, 'number', 'numbers')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

/** Spaces lie inside of numbers, too. */
function numbersIn(text: string): string[] {
  return text
    .split(/[\n,;\t]+/)
    .map((each) => each.trim())
    .filter((each) => each !== '');
}

/** Which of them cannot be read, and why. */
function problemIn(error: Error, phoneNumbers: readonly string[]): string {
  const first = error instanceof DialwrightError ? error.problem.errors?.[0] : undefined;
  if (!first) return wordsOf(error);
  const index = /\d+/.exec(first.field)?.[0];
  const number = index === undefined ? undefined : phoneNumbers[Number(index)];
  return number === undefined ? first.message : `${number}: ${first.message}`;
}
