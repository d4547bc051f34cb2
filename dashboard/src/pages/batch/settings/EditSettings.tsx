import { Alert, Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { whyNotShown } from '../../../../../domain/shown/why-not.js';
import { answered, api, DialwrightError, type Batch } from '../../../api/client.js';
import { keys } from '../../../api/queries.js';
import { useRoleLacks } from '../../../app/session.js';
import { useGuardedMutation } from '../../../app/changes/use-guarded-mutation.js';
import { wordsOf } from '../../../parts/ErrorState.js';
import { ReasonedButton } from '../../../parts/ReasonedButton.js';
import { showDone } from '../../../parts/notices.js';
import { FIELD_LABELS, fieldsOf, isSame, type DraftChange, type DraftField } from '../../draft/draft-fields.js';
import { How } from '../../draft/how/How.js';
import { Section } from '../../draft/Section.js';
import type { DraftForm } from '../../draft/use-draft.js';
import { Clock } from '../../draft/when/Clock.js';
import { DaysOff } from '../../draft/when/DaysOff.js';
import { End } from '../../draft/when/End.js';
import { Hours } from '../../draft/when/Hours.js';

/**
 * Hours, limits and attempts of a batch that was created. Nothing is changed before Save: a half entered hour must not open a
 * batch that runs. Somebody else's change in between is refused, and said.
 */
export function EditSettings({ batch }: { batch: Batch }) {
  const client = useQueryClient();
  const [entered, setEntered] = useState<DraftChange>({});
  // The version that is shown: what was changed since is no part of what was looked at.
  const [version, setVersion] = useState(batch.version);
  const lacks = useRoleLacks('operator');
  const whyNot = lacks ?? whyNotShown('edit', batch.status, batch.allowedActions.edit);
  const saved = fieldsOf(batch);
  const changed = (Object.keys(entered) as DraftField[]).filter((field) => !isSame(entered[field], saved[field]));
  const reset = (now: Batch): void => {
    client.setQueryData(keys.batch(now.id), now);
    setEntered({});
    setVersion(now.version);
  };
  const save = useGuardedMutation({
    mutationFn: () =>
      answered(
        api.PATCH('/v1/batches/{batchId}', {
          params: { path: { batchId: batch.id } },
          body: { ...Object.fromEntries(changed.map((field) => [field, entered[field]])), version },
        }),
      ),
    onSuccess: (now) => {
      reset(now);
      showDone('Saved.');
    },
  });
  const form: DraftForm = {
    batch,
    fields: { ...saved, ...entered },
    saving: { pending: entered, status: 'saved', problem: null, errors: {}, conflicts: [] },
    change: (changes) => setEntered((now) => ({ ...now, ...changes })),
  };
  return (
    <Stack>
      <Alert color="gray" py="xs">
        <Text size="sm">
          Name, From Number and Voice Agent are locked once a batch is created. To use others,{' '}
          <Anchor component={Link} to="/batches/new" size="sm">
            create a new one
          </Anchor>
          , or duplicate this one.
        </Text>
      </Alert>
      {whyNot !== null && <Text size="sm">{whyNot}</Text>}
      <fieldset
        disabled={whyNot !== null}
        aria-label="Settings"
        style={{ border: 0, margin: 0, padding: 0, minInlineSize: 0 }}
      >
        <Stack>
          <Section id="when" title="When Calls Can Run" note="Outside these hours calls wait; none is skipped.">
            <Stack gap="lg">
              <Hours draft={form} />
              <Clock draft={form} />
              <DaysOff draft={form} />
              <End draft={form} />
            </Stack>
          </Section>
          <How draft={form} />
        </Stack>
      </fieldset>
      {save.isError && (
        <Alert color="red" role="alert" title="This was not saved">
          <Text size="sm">{saidOf(save.error)}</Text>
        </Alert>
      )}
      <Group>
        <ReasonedButton
          whyNot={whyNot ?? (changed.length === 0 ? 'Nothing was changed.' : null)}
          loading={save.isPending}
          onClick={() => save.mutate()}
        >
          {changed.length === 0 ? 'Save' : `Save: ${changed.map((field) => FIELD_LABELS[field]).join(', ')}`}
        </ReasonedButton>
        {(changed.length > 0 || version !== batch.version) && (
          <Button variant="default" onClick={() => reset(batch)}>
            Take the saved values
          </Button>
        )}
      </Group>
    </Stack>
  );
}

function saidOf(error: Error): string {
  const fields = error instanceof DialwrightError ? (error.problem.errors ?? []) : [];
  return fields.map(({ message }) => message).join(' ') || wordsOf(error);
}
