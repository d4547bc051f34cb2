import { NumberInput, Radio, Stack } from '@mantine/core';
import type { DraftForm } from '../use-draft.js';

const SECONDS_MAX = 3_600;
const DEFAULT_SECONDS = 30;

/** What counts as success. */
export function Success({ draft: { fields, saving, change } }: { draft: DraftForm }) {
  const success = fields.successCriterion;
  return (
    <Stack gap="xs">
      <Radio.Group
        id="field-successCriterion"
        label="What counts as success"
        value={success?.kind ?? 'analysis'}
        error={saving.errors.successCriterion}
        onChange={(kind) =>
          change({
            successCriterion: kind === 'analysis' ? { kind } : { kind: 'minimumDuration', seconds: DEFAULT_SECONDS },
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
    </Stack>
  );
}
