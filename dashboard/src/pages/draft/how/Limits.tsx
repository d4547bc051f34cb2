import { NumberInput, SimpleGrid, Stack, Title } from '@mantine/core';
import { useWorkspace } from '../../../api/queries.js';
import { counted } from '../../../parts/Count.js';
import { FieldError } from '../FieldError.js';
import type { DraftForm } from '../use-draft.js';

const LIMIT_MAX = 10_000;

/** How many calls at once and a second, and what is kept for others. */
export function Limits({ draft }: { draft: DraftForm }) {
  const { fields, change } = draft;
  const workspace = useWorkspace().data;
  const limits = { concurrency: null, reservedConcurrency: 0, callsPerSecond: null, ...fields.limits };
  const kept = limits.reservedConcurrency ?? 0;
  const set = (name: keyof typeof limits, value: number | string): void =>
    change({ limits: { ...limits, [name]: typeof value === 'number' ? value : null } });
  const common = { max: LIMIT_MAX, allowDecimal: false } as const;
  return (
    <Stack gap="xs">
      <Title order={3} size="h6" id="field-limits" tabIndex={-1}>
        Limits
      </Title>
      <FieldError draft={draft} field="limits" />
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        <NumberInput
          {...common}
          label="Calls at once"
          description="Empty: as many as the workspace allows"
          min={1}
          value={limits.concurrency ?? ''}
          onChange={(value) => set('concurrency', value)}
        />
        <NumberInput
          {...common}
          label="Reserved concurrency for other calls"
          description={
            workspace
              ? `${counted(Math.max(0, workspace.concurrency - kept), 'slot remains', 'slots remain')} for batches`
              : 'Slots that no batch uses'
          }
          min={0}
          value={kept}
          onChange={(value) => set('reservedConcurrency', value)}
        />
        <NumberInput
          {...common}
          label="Calls per second"
          description="Empty: no limit of its own"
          min={1}
          value={limits.callsPerSecond ?? ''}
          onChange={(value) => set('callsPerSecond', value)}
        />
      </SimpleGrid>
    </Stack>
  );
}
