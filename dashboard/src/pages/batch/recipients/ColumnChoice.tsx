import { Button, Checkbox, Popover, Stack } from '@mantine/core';
import { IconColumns } from '@tabler/icons-react';
import { OPTIONAL_COLUMNS, type ColumnsShown, type OptionalColumn } from './column-choice.js';

type ColumnChoiceProps = {
  /** Variables of this batch. */
  variables: readonly string[];
  shown: ColumnsShown;
  onChange: (shown: ColumnsShown) => void;
};

/** Which columns are seen; the number always is. */
export function ColumnChoice({ variables, shown, onChange }: ColumnChoiceProps) {
  return (
    <Popover position="bottom-start" trapFocus returnFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<IconColumns size={16} aria-hidden />}>
          Columns
        </Button>
      </Popover.Target>
      <Popover.Dropdown mah={360} style={{ overflow: 'auto' }} aria-label="Columns">
        <Stack gap="md">
          <Checkbox.Group
            label="Columns"
            value={[...shown.columns]}
            onChange={(columns) => onChange({ ...shown, columns: columns as OptionalColumn[] })}
          >
            <Stack gap="xs" mt="xs">
              {OPTIONAL_COLUMNS.map(({ id, label }) => (
                <Checkbox key={id} value={id} label={label} />
              ))}
            </Stack>
          </Checkbox.Group>
          {variables.length > 0 && (
            <Checkbox.Group
              label="Variables"
              value={[...shown.variables]}
              onChange={(chosen) => onChange({ ...shown, variables: chosen })}
            >
              <Stack gap="xs" mt="xs">
                {variables.map((name) => (
                  <Checkbox key={name} value={name} label={`{{${name}}}`} />
                ))}
              </Stack>
            </Checkbox.Group>
          )}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
