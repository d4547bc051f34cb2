import { Group, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { isTerminal } from '../../../../../domain/batches/status.js';
import { answered, api, type Batch, type Schemas } from '../../../api/client.js';
import { useRoleLacks } from '../../../app/session.js';
import { useGuardedMutation } from '../../../app/changes/use-guarded-mutation.js';
import { Confirm } from '../../../parts/Confirm.js';
import { ReasonedButton } from '../../../parts/ReasonedButton.js';
import { showDone, showError } from '../../../parts/notices.js';

type VerdictName = 'called' | 'not-called' | 'give-up';
type ShownVerdict = {
  name: VerdictName;
  label: string;
  says: string;
  /** In a batch that is over, which calls nobody. */
  saysWhenOver?: string;
  isGrave?: true;
};

/** What each verdict does, before it is given. */
const VERDICTS: readonly ShownVerdict[] = [
  {
    name: 'called',
    label: 'Called',
    says: 'The recipient becomes Completed. What the provider reports later still corrects it.',
  },
  {
    name: 'not-called',
    label: 'Not called',
    says: 'The recipient is called again; if there was a call, the phone rings twice. Look at the list of calls of the provider first.',
    saysWhenOver: 'The batch is over: the recipient becomes Failed, and is called when the batch is called again.',
    isGrave: true,
  },
  { name: 'give-up', label: 'Give up', says: 'Nobody will find out. The recipient is not called again.' },
];

/** Nobody knows whether there was a call: a person who has found out says so. */
export function Verdict({ attempt, batch }: { attempt: Schemas['Attempt']; batch: Batch }) {
  const client = useQueryClient();
  const lacks = useRoleLacks('operator');
  const [asked, setAsked] = useState<ShownVerdict | null>(null);
  const give = useGuardedMutation({
    mutationFn: (verdict: VerdictName) =>
      answered(
        api.POST('/v1/attempts/{attemptId}/verdict', {
          params: { path: { attemptId: attempt.id } },
          body: { verdict },
        }),
      ),
    onSuccess: async () => {
      setAsked(null);
      showDone('Settled.');
      await client.invalidateQueries({ queryKey: ['batch', batch.id] });
    },
    onError: showError,
  });
  return (
    <Stack gap="xs" mt="xs">
      <Text size="sm">Look at the list of calls of the provider, and say what you found.</Text>
      <Group gap="xs">
        {VERDICTS.map((verdict) => (
          <ReasonedButton
            key={verdict.name}
            size="xs"
            variant="default"
            whyNot={lacks}
            onClick={() => setAsked(verdict)}
          >
            {verdict.label}
          </ReasonedButton>
        ))}
      </Group>
      {asked && (
        <Confirm
          title={`${asked.label}?`}
          verb={asked.label}
          keep="Leave it uncertain"
          tone={asked.isGrave ? 'red' : 'indigo'}
          isDoing={give.isPending}
          onConfirm={() => give.mutate(asked.name)}
          onClose={() => setAsked(null)}
        >
          <Text>{isTerminal(batch.status) ? (asked.saysWhenOver ?? asked.says) : asked.says}</Text>
        </Confirm>
      )}
    </Stack>
  );
}
