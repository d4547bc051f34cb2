import { Button, Checkbox, Menu, Stack } from '@mantine/core';
import { IconColumns } from '@tabler/icons-react';

type ColumnChoiceProps = { all: readonly string[]; chosen: readonly string[]; onChange: (chosen: string[]) => void };

/** Which variables are columns. */
export function ColumnChoice({ all, chosen, onChange }: ColumnChoiceProps) {
  if (all.length === 0) return null;
  return (
    <Menu closeOnItemClick={false} position="bottom-start">
      <Menu.Target>
        <Button variant="default" leftSection={<IconColumns size={16} aria-hidden />}>
          Columns
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={320} style={{ overflow: 'auto' }}>
        <Checkbox.Group value={[...chosen]} onChange={onChange} label="Variables" p="xs">
          <Stack gap="xs" mt="xs">
            {all.map((name) => (
              <Checkbox key={name} value={name} label={`{{${name}}}`} />
            ))}
          </Stack>
        </Checkbox.Group>
      </Menu.Dropdown>
    </Menu>
  );
}
