import { Suspense } from 'react';
import { Checkbox, Group, NumberInput, Stack, Text, Title } from '@mantine/core';
import { lazyPart } from '../../../api/lazy-part.js';
import { OUTCOME_SHOWN } from '../../../../../domain/shown/statuses.js';
import type { Schemas } from '../../../api/client.js';
import type { DraftForm } from '../use-draft.js';

/** It reads local times, by the calendar of zones. */
const RetryEnd = lazyPart(async () => (await import('./RetryEnd.js')).RetryEnd);

type Outcomes = Schemas['RetryOutcomes'];
type Retried = keyof Outcomes;

const ATTEMPTS_MAX = 20;
const MINUTES_MAX = 43_200;
/** After these somebody may be called again; the minutes are what the API takes by default. */
const RETRIED = {
  NO_ANSWER: 60,
  BUSY: 10,
  DECLINED: 60,
  VOICEMAIL: 60,
  UNREACHABLE: 15,
  PROVIDER_ERROR: 15,
  AGENT_ERROR: 60,
} as const satisfies Record<Retried, number>;
const OUTCOMES = Object.keys(RETRIED) as Retried[];

/** How often a person is called at most, after what, and how long after. */
export function Retries({ draft }: { draft: DraftForm }) {
  const { fields, saving, change } = draft;
  const attempts = fields.retryPolicy?.maxAttempts ?? 1;
  const outcomes = (fields.retryPolicy?.outcomes ?? {}) as Outcomes;
  /** Each outcome is named: one that is left out of a change stays as it is. */
  const set = (outcome: Retried, delayMinutes: number | null): void => {
    const next = Object.fromEntries(
      OUTCOMES.map((each) => {
        if (each !== outcome) return [each, outcomes[each] ?? null];
        return [each, delayMinutes === null ? null : { attempts, delayMinutes }];
      }),
    );
    change({ retryPolicy: { ...fields.retryPolicy, outcomes: next } });
  };
  return (
    <Stack gap="xs">
      <Title order={3} size="h6" id="field-retryPolicy" tabIndex={-1}>
        Attempts
      </Title>
      <NumberInput
        label="Calls to one person, at most"
        w={220}
        min={1}
        max={ATTEMPTS_MAX}
        allowDecimal={false}
        value={attempts}
        error={saving.errors.retryPolicy}
        onChange={(value) =>
          typeof value === 'number' &&
          change({ retryPolicy: { notAfter: fields.retryPolicy?.notAfter ?? null, ...withAttempts(outcomes, value) } })
        }
      />
      {attempts > 1 && (
        <Stack gap={6} role="group" aria-label="Call again after">
          <Text size="sm">Call again after</Text>
          {OUTCOMES.map((outcome) => {
            const { label } = OUTCOME_SHOWN[outcome];
            const rule = outcomes[outcome];
            return (
              <Group key={outcome} gap="sm" mih={36}>
                <Checkbox
                  w="11rem"
                  label={label}
                  checked={rule !== undefined && rule !== null}
                  onChange={(event) => set(outcome, event.currentTarget.checked ? RETRIED[outcome] : null)}
                />
                {rule && (
                  <NumberInput
                    size="xs"
                    w="9rem"
                    aria-label={`Minutes after: ${label}`}
                    suffix=" min"
                    min={0}
                    max={MINUTES_MAX}
                    allowDecimal={false}
                    value={rule.delayMinutes}
                    onChange={(value) => typeof value === 'number' && set(outcome, value)}
                  />
                )}
              </Group>
            );
          })}
          <Suspense fallback={null}>
            <RetryEnd draft={draft} />
          </Suspense>
        </Stack>
      )}
    </Stack>
  );
}

/** Where nothing was chosen yet, the defaults of the API go with more than one attempt; what was chosen follows the number. */
function withAttempts(outcomes: Outcomes, maxAttempts: number) {
  const chosen = Object.entries(outcomes).filter(([, rule]) => rule);
  if (chosen.length === 0) return { maxAttempts };
  return {
    maxAttempts,
    outcomes: Object.fromEntries(chosen.map(([outcome, rule]) => [outcome, { ...rule, attempts: maxAttempts }])),
  };
}
