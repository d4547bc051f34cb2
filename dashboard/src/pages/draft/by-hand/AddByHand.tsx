import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Dialog } from '../../../parts/dialog/Dialog.js';
import { answered, api, type Schemas } from '../../../api/client.js';
import { keys } from '../../../api/queries.js';
import { useGuardedMutation } from '../../../app/changes/use-guarded-mutation.js';
import { counted } from '../../../parts/Count.js';
import { wordsOf } from '../../../parts/ErrorState.js';
import { ReasonedButton } from '../../../parts/ReasonedButton.js';
import { showDone } from '../../../parts/notices.js';
import { CountryOfNumbers } from '../upload/CountryOfNumbers.js';
import { PersonLine } from './PersonLine.js';
import { isEmpty, NOBODY, PEOPLE_MAX, peopleIn, problemsOf, type Person } from './entered-people.js';

const NARROW = '(max-width: 48em)';

type AddByHandProps = {
  /** Lines that were typed before, also when the dialog was closed meanwhile. */
  people: readonly Person[];
  onPeople: (people: readonly Person[]) => void;
  ensure: () => Promise<string>;
  onClose: () => void;
};

/** People who are typed in, a line for each. All of them are added, or none; what is wrong is said beside its line. */
export function AddByHand({ people, onPeople, ensure, onClose }: AddByHandProps) {
  const client = useQueryClient();
  const [country, setCountry] = useState<string | null>(null);
  const [problems, setProblems] = useState<ReadonlyMap<number, string>>(new Map());
  const isNarrow = useMediaQuery(NARROW) ?? false;
  const entered = people.flatMap((person, index) => (isEmpty(person) ? [] : [index]));
  const add = useGuardedMutation({
    mutationFn: (lines: readonly number[]) =>
      send(
        ensure,
        lines.map((index) => people[index] ?? NOBODY),
        country,
      ),
    onSuccess: (batch, lines) => {
      showDone(`${counted(lines.length, 'recipient was', 'recipients were')} added.`);
      void client.invalidateQueries({ queryKey: keys.batch(batch.id) });
      onPeople([NOBODY]);
      onClose();
    },
    onError: (err, lines) => setProblems(problemsOf(err, lines)),
  });
  /** Lines have other places then. */
  const set = (next: readonly Person[]): void => {
    onPeople(next);
    setProblems(new Map());
  };
  const setLine = (index: number, person: Person): void => {
    onPeople(people.map((each, at) => (at === index ? person : each)));
    setProblems(new Map([...problems].filter(([at]) => at !== index)));
  };
  const paste = (index: number, text: string): boolean => {
    const pasted = peopleIn(text);
    if (pasted.length < 2 && !/[,;\t]/.test(text)) return false;
    set([...people.slice(0, index), ...pasted, ...people.slice(index + 1)]);
    return true;
  };
  const whyNot =
    entered.length === 0
      ? 'Enter a phone number first.'
      : entered.length > PEOPLE_MAX
        ? `At most ${counted(PEOPLE_MAX, 'person', 'people')} at once: upload a CSV.`
        : null;
  return (
    <Dialog
      // Until it is known who was added: the same lines would be sent twice.
      onClose={() => !add.isPending && onClose()}
      size="lg"
      fullScreen={isNarrow}
      title="Add recipients by hand"
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (whyNot === null) add.mutate(entered);
        }}
      >
        <Stack gap="sm">
          <Text size="sm" c="dimmed">
            Several lines can be pasted: a number, a comma, a name. What the agent is told of each person comes by CSV.
          </Text>
          {add.isError && problemsOf(add.error, add.variables).size === 0 && (
            <Alert color="red" role="alert" title="Nobody was added">
              {wordsOf(add.error)}
            </Alert>
          )}
          {problems.size > 0 && (
            <Text size="sm" c="var(--tone-red)" role="alert">
              Nobody was added: {counted(problems.size, 'line is', 'lines are')} not right.
            </Text>
          )}
          {people.map((person, index) => (
            <PersonLine
              key={index}
              index={index}
              person={person}
              problem={problems.get(index) ?? null}
              isLast={index === people.length - 1}
              onChange={(next) => setLine(index, next)}
              onPaste={(text) => paste(index, text)}
              onRemove={() => set(people.length > 1 ? people.filter((_, at) => at !== index) : [NOBODY])}
            />
          ))}
          <Group justify="space-between" align="flex-end">
            <Button
              variant="subtle"
              size="xs"
              leftSection={<IconPlus size={14} aria-hidden />}
              onClick={() => onPeople([...people, NOBODY])}
            >
              Add a line
            </Button>
            <CountryOfNumbers size="xs" w={230} value={country} onChange={setCountry} />
          </Group>
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <ReasonedButton type="submit" whyNot={whyNot} loading={add.isPending}>
              {entered.length > 0 ? `Add ${counted(entered.length, 'recipient', 'recipients')}` : 'Add'}
            </ReasonedButton>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

async function send(
  ensure: () => Promise<string>,
  people: readonly Person[],
  country: string | null,
): Promise<{ id: string }> {
  const batchId = await ensure();
  const recipients: Schemas['RecipientInput'][] = people.map(({ phoneNumber, name }) => ({
    phoneNumber: phoneNumber.trim(),
    name: name.trim() || null,
  }));
  return answered(
    api.POST('/v1/batches/{batchId}/recipients', {
      params: { path: { batchId } },
      body: {
        recipients,
        ...(country !== null && { defaultCountry: country }),
      },
    }),
  );
}
