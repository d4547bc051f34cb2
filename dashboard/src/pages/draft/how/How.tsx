import { Button, Collapse, Stack, Text } from '@mantine/core';
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import { useDisclosure } from '@mantine/hooks';
import { useWorkspace } from '../../../api/queries.js';
import { count, counted } from '../../../parts/Count.js';
import type { DraftField, DraftFields } from '../draft-fields.js';
import { Section } from '../Section.js';
import type { DraftForm } from '../use-draft.js';
import { Breakers } from './Breakers.js';
import { CostlyNumbers } from './CostlyNumbers.js';
import { Limits } from './Limits.js';
import { Remembered } from './Remembered.js';
import { Retries } from './Retries.js';
import { Success } from './Success.js';

/** What is set in here: what is wrong with it must be seen. */
const FIELDS: readonly DraftField[] = [
  'limits',
  'retryPolicy',
  'successCriterion',
  'circuitBreakers',
  'allowCostlyNumbers',
  'note',
  'labels',
];

/** How many calls at once, how often each person, and what counts. Folded: what it says is right for most. */
export function How({ draft }: { draft: DraftForm }) {
  const { fields, saving } = draft;
  const [isOpened, { toggle }] = useDisclosure(false);
  const isOpen = isOpened || FIELDS.some((field) => field in saving.errors);
  const workspace = useWorkspace().data;
  return (
    <Section id="how" title="How">
      <Text size="sm">{inWords(fields, workspace?.concurrency)}</Text>
      <div>
        <Button
          variant="default"
          size="xs"
          aria-expanded={isOpen}
          aria-controls="how-settings"
          rightSection={isOpen ? <IconChevronUp size={14} aria-hidden /> : <IconChevronDown size={14} aria-hidden />}
          onClick={toggle}
        >
          {isOpen ? 'Show less' : 'Change limits, attempts and success'}
        </Button>
      </div>
      <Collapse expanded={isOpen} id="how-settings">
        <Stack gap="lg">
          <Limits draft={draft} />
          <Retries draft={draft} />
          <Success draft={draft} />
          <Breakers draft={draft} />
          <CostlyNumbers draft={draft} />
          <Remembered draft={draft} />
        </Stack>
      </Collapse>
    </Section>
  );
}

/** What is set, as a person would say it. */
function inWords(
  { limits, retryPolicy, successCriterion, ...others }: DraftFields,
  workspaceSlots: number | undefined,
): string {
  const attempts = retryPolicy?.maxAttempts ?? 1;
  const slots = limits?.concurrency ?? workspaceSlots;
  const success =
    successCriterion?.kind === 'minimumDuration'
      ? `A conversation of ${counted(successCriterion.seconds ?? 1, 'second', 'seconds')} counts as success.`
      : 'The provider’s analysis says what counts as success.';
  return [
    attempts === 1 ? 'One attempt each.' : `Up to ${count(attempts)} attempts each.`,
    slots !== undefined && `At most ${counted(slots, 'call', 'calls')} at once.`,
    limits?.callsPerSecond && `At most ${counted(limits.callsPerSecond, 'call', 'calls')} a second.`,
    success,
    others.allowCostlyNumbers && 'Numbers that cost more are called, too.',
  ]
    .filter(Boolean)
    .join(' ');
}
