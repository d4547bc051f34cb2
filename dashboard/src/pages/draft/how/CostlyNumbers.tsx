import { Checkbox } from '@mantine/core';
import type { DraftForm } from '../use-draft.js';

/** Whether numbers that cost more than others may be added. */
export function CostlyNumbers({ draft: { fields, saving, change } }: { draft: DraftForm }) {
  return (
    <Checkbox
      id="field-allowCostlyNumbers"
      label="Allow numbers that cost more"
      description="Premium-rate, shared-cost and personal numbers are rejected unless this is set. It holds for recipients that are added from then on."
      checked={fields.allowCostlyNumbers ?? false}
      error={saving.errors.allowCostlyNumbers}
      onChange={(event) => change({ allowCostlyNumbers: event.currentTarget.checked })}
    />
  );
}
