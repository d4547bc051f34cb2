import { Anchor, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { IconAlertCircle, IconCheck } from '@tabler/icons-react';
import { useRoleLacks } from '../../app/session.js';
import { counted } from '../../parts/Count.js';
import { ReasonedButton } from '../../parts/ReasonedButton.js';
import { ownZone, placeOf, writeMoment } from '../../parts/moments.js';
import { SaveNote } from './SaveNote.js';
import classes from './draft.module.css';
import { missingOf, type Missing } from './missing.js';
import { firstCallAt, usePreflight } from './preflight.js';
import { useIsNeither } from './purpose-answer.js';
import { useImports } from './upload/import-queries.js';
import type { Draft } from './use-draft.js';
import { useSubmit } from './use-submit.js';

/** There is no room beside the form: it is a bar at the bottom, and its list is folded. */
const NARROW = '(max-width: 62em)';

/** Beside the form: what is still missing, and what creating the batch will do. */
export function Summary({ draft, onOpenImport }: { draft: Draft; onOpenImport: (importId: string) => void }) {
  const { batch, fields } = draft;
  const imports = useImports(batch?.id ?? null).data?.data ?? [];
  const isNeither = useIsNeither(batch?.id);
  const missing = missingOf(draft, imports, fields.purpose != null || isNeither);
  const isNarrow = useMediaQuery(NARROW) ?? false;
  const [isOpen, { toggle }] = useDisclosure(false);
  const lacks = useRoleLacks('operator');
  const submit = useSubmit(draft);
  const whyNot = lacks ?? whyNotCreated(draft, missing);
  const goTo = ({ fieldId, importId }: Missing): void => {
    if (importId !== undefined) return onOpenImport(importId);
    const field = document.getElementById(fieldId) ?? document.getElementById(`${fieldId}-title`);
    field?.scrollIntoView({ block: 'center' });
    field?.focus({ preventScroll: true });
  };
  return (
    <Paper withBorder p="md" component="aside" aria-labelledby="summary-title" className={classes['summary']}>
      <Stack gap="xs">
        <Group justify="space-between" gap="xs">
          <Title order={2} size="h5" id="summary-title">
            {missing.length === 0 ? 'Ready' : counted(missing.length, 'thing is missing', 'things are missing')}
          </Title>
          {isNarrow && missing.length > 0 && (
            <Button size="compact-sm" variant="subtle" aria-expanded={isOpen} onClick={toggle}>
              {isOpen ? 'Hide' : 'Show'}
            </Button>
          )}
          <SaveNote saving={draft.saving} isMade={batch !== undefined} />
        </Group>
        {missing.length > 0 && (isOpen || !isNarrow) && (
          <ul className={classes['missing']} aria-label="What is missing">
            {missing.map((each) => (
              <li key={`${each.importId ?? each.fieldId} ${each.words}`}>
                <IconAlertCircle size={16} aria-hidden color="var(--tone-amber)" />
                <Anchor component="button" type="button" size="sm" ta="start" onClick={() => goTo(each)}>
                  {each.words}
                </Anchor>
              </li>
            ))}
          </ul>
        )}
        {missing.length === 0 && <Consequence draft={draft} />}
        <ReasonedButton
          fullWidth
          whyNot={whyNot}
          loading={submit.isPending}
          leftSection={<IconCheck size={16} aria-hidden />}
          onClick={() => submit.mutate()}
        >
          Create Batch Call
        </ReasonedButton>
      </Stack>
    </Paper>
  );
}

function whyNotCreated({ batch, saving }: Draft, missing: readonly Missing[]): string | null {
  if (missing.length > 0) return `Still missing: ${missing.map(({ words }) => words.toLowerCase()).join('; ')}.`;
  if (saving.conflicts.length > 0) return 'Choose between the two values first.';
  if (saving.status === 'failed') return 'The last changes are not saved.';
  if (batch?.zonesOutstanding) return 'The time zones of the recipients are being found. This takes a moment.';
  return null;
}

/** What creating it does: who is called, from when on, and until when. */
function Consequence({ draft: { batch, fields } }: { draft: Draft }) {
  const preflight = usePreflight(batch, true).data;
  if (!batch || !preflight) return null;
  const zone = batch.timeZone ?? ownZone;
  const place = zone === ownZone ? '' : ` ${placeOf(zone)}`;
  const first = firstCallAt(preflight, batch.startAt);
  const isNow = fields.start === 'now' && first !== null && new Date(first).getTime() <= Date.now() + 60_000;
  const { suppressed, zoneUnknown, neverOpen } = preflight.blocked;
  const out = suppressed + zoneUnknown + neverOpen;
  return (
    <div>
      <Text size="sm" fw={600}>
        {first === null
          ? 'Nobody can be called in the next 14 days.'
          : isNow
            ? 'Calls start at once.'
            : `First call about ${writeMoment(first, zone)}${place}.`}
      </Text>
      <Text size="sm">
        {counted(preflight.recipients - out, 'person is called', 'people are called')}
        {preflight.expectedFinish && `, done about ${writeMoment(preflight.expectedFinish, zone)}${place}`}.
      </Text>
      {out > 0 && (
        <Text size="sm" c="var(--tone-amber)">
          {counted(out, 'person is not called: see Review.', 'people are not called: see Review.')}
        </Text>
      )}
    </div>
  );
}
