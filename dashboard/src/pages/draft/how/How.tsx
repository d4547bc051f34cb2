import { Button, Collapse, NumberInput, Radio, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import { useDisclosure } from '@mantine/hooks';
import { useWorkspace } from '../../../api/queries.js';
import { count, counted } from '../../../parts/Count.js';
import type { DraftFields } from '../draft-fields.js';
import { Section } from '../Section.js';
import type { DraftForm } from '../use-draft.js';
import { Breakers } from './Breakers.js';
import { Retries } from './Retries.js';

const LIMIT_MAX = 10_000;
const SECONDS_MAX = 3_600;
const DEFAULT_SECONDS = 30;

/** How many calls at once, how often each person, and what counts. Folded: what it says is right for most. */
export function How({ draft }: { draft: DraftForm }) {
  const { fields, saving, change } = draft;
  const [isOpen, { toggle }] = useDisclosure(false);
  const workspace = useWorkspace().data;
  const limits = { concurrency: null, reservedConcurrency: 0, callsPerSecond: null, ...fields.limits };
  const kept = limits.reservedConcurrency ?? 0;
  const setLimit = (name: keyof typeof limits, value: number | string): void =>
    change({ limits: { ...limits, [name]: typeof value === 'number' ? value : null } });
  const success = fields.successCriterion;
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
          <Title order={3} size="h6" id="field-limits">
            Limits
          </Title>
          {saving.errors.limits && (
            <Text size="sm" c="var(--tone-red)">
              {saving.errors.limits}
            </Text>
          )}
          <SimpleGrid cols={{ base: 1, sm: 3 }}>
            <NumberInput
              label="Calls at once"
              description="Empty: as many as the workspace allows"
              min={1}
              max={LIMIT_MAX}
              allowDecimal={false}
              value={limits.concurrency ?? ''}
              onChange={(value) => setLimit('concurrency', value)}
            />
            <NumberInput
              label="Reserved concurrency for other calls"
              description={
                workspace
                  ? `${counted(Math.max(0, workspace.concurrency - kept), 'slot remains', 'slots remain')} for batches`
                  : 'Slots that no batch uses'
              }
              min={0}
              max={LIMIT_MAX}
              allowDecimal={false}
              value={kept}
              onChange={(value) => setLimit('reservedConcurrency', value)}
            />
            <NumberInput
              label="Calls per second"
              description="Empty: no limit of its own"
              min={1}
              max={LIMIT_MAX}
              allowDecimal={false}
              value={limits.callsPerSecond ?? ''}
              onChange={(value) => setLimit('callsPerSecond', value)}
            />
          </SimpleGrid>
          <Retries draft={draft} />
          <Radio.Group
            id="field-successCriterion"
            label="What counts as success"
            value={success?.kind ?? 'analysis'}
            error={saving.errors.successCriterion}
            onChange={(kind) =>
              change({
                successCriterion:
                  kind === 'analysis' ? { kind } : { kind: 'minimumDuration', seconds: DEFAULT_SECONDS },
              })
            }
          >
            <Stack gap={6} mt={6}>
              <Radio value="analysis" label="What the provider’s analysis of the conversation says" />
              <Radio value="minimumDuration" label="A conversation of at least so many seconds" />
            </Stack>
          </Radio.Group>
          {success?.kind === 'minimumDuration' && (
            <NumberInput
              label="Seconds"
              w={160}
              min={1}
              max={SECONDS_MAX}
              allowDecimal={false}
              value={success.seconds ?? ''}
              onChange={(seconds) =>
                typeof seconds === 'number' && change({ successCriterion: { kind: 'minimumDuration', seconds } })
              }
            />
          )}
          <Breakers draft={draft} />
        </Stack>
      </Collapse>
    </Section>
  );
}

/** What is set, as a person would say it. */
function inWords({ limits, retryPolicy, successCriterion }: DraftFields, workspaceSlots: number | undefined): string {
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
  ]
    .filter(Boolean)
    .join(' ');
}
