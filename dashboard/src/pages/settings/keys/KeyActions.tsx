import { Group, Select, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { Dialog } from '../../../parts/dialog/Dialog.js';
import { answered, api, type Schemas } from '../../../api/client.js';
import { keys } from '../../../api/queries.js';
import { useChange } from '../../../app/changes/use-change.js';
import { Confirm } from '../../../parts/Confirm.js';
import { showDone } from '../../../parts/notices.js';
import { AdminButton } from '../AdminButton.js';
import { NewKey } from './NewKey.js';
import { stateOf, type KeyState } from './key-state.js';

const OVERLAPS = [
  { value: '0', label: 'Not at all: it ends at once' },
  { value: '3600', label: 'An hour' },
  { value: '86400', label: 'A day' },
  { value: '604800', label: 'A week' },
];
const OVER: Record<KeyState, string | null> = {
  good: null,
  rolled: 'Another key has taken over already.',
  expired: 'It has expired.',
  revoked: 'It was revoked.',
};

/** Replaces a key, or ends it. */
export function KeyActions({ apiKey }: { apiKey: Schemas['ApiKey'] }) {
  const [asked, setAsked] = useState<'roll' | 'revoke' | null>(null);
  const [overlap, setOverlap] = useState('86400');
  const { name } = apiKey;
  const params = { path: { apiKeyId: apiKey.id } };
  const close = (): void => setAsked(null);
  const roll = useChange(
    () => answered(api.POST('/v1/api-keys/{apiKeyId}/roll', { params, body: { overlapSeconds: Number(overlap) } })),
    { again: [keys.apiKeys], onDone: close },
  );
  const revoke = useChange(() => answered(api.POST('/v1/api-keys/{apiKeyId}/revoke', { params })), {
    again: [keys.apiKeys],
    onDone: () => {
      showDone(`${name} was revoked: no request with it is taken.`);
      close();
    },
  });
  const state = stateOf(apiKey);
  return (
    <Group gap={4}>
      <AdminButton label={`Roll ${name}`} whyNot={OVER[state]} onClick={() => setAsked('roll')}>
        Roll
      </AdminButton>
      <AdminButton
        label={`Revoke ${name}`}
        isGrave
        whyNot={state === 'rolled' ? null : OVER[state]}
        onClick={() => setAsked('revoke')}
      >
        Revoke
      </AdminButton>
      {asked === 'revoke' && (
        <Confirm
          title={`Revoke the key “${name}”?`}
          verb="Revoke 1 key"
          keep="Keep it"
          isDoing={revoke.isPending}
          onConfirm={() => revoke.mutate()}
          onClose={close}
        >
          <Text>Every program that uses it is refused at once. This cannot be undone.</Text>
        </Confirm>
      )}
      {asked === 'roll' && (
        <Confirm
          title={`Replace the key “${name}”?`}
          verb="Make a new key"
          keep="Keep it"
          tone="indigo"
          isDoing={roll.isPending}
          onConfirm={() => roll.mutate()}
          onClose={close}
        >
          <Stack>
            <Text>The new one has the same name, role and life, and is shown once.</Text>
            <Select
              label="The old one works on for"
              allowDeselect={false}
              data={OVERLAPS}
              value={overlap}
              onChange={(next) => next && setOverlap(next)}
            />
          </Stack>
        </Confirm>
      )}
      {roll.data && (
        <Dialog onClose={() => roll.reset()} title="The new key">
          <NewKey made={roll.data} />
        </Dialog>
      )}
    </Group>
  );
}
