import { Select, Text } from '@mantine/core';
import { ROLES, type Role } from '../../../domain/people/roles.js';
import { ROLE_SHOWN } from '../../../domain/shown/roles.js';

type RoleSelectProps = {
  label: string;
  value: Role;
  onChange: (role: Role) => void;
  /** The label is read, and not seen: in a table its column says it. */
  isLabelHidden?: true;
};

/** One of the roles, each with what it may do. */
export function RoleSelect({ label, value, onChange, isLabelHidden }: RoleSelectProps) {
  return (
    <Select
      {...(isLabelHidden ? { 'aria-label': label, size: 'xs' } : { label })}
      allowDeselect={false}
      data={ROLES.map((role) => ({ value: role, label: ROLE_SHOWN[role].label }))}
      renderOption={({ option }) => (
        <div>
          <Text size="sm">{option.label}</Text>
          <Text size="xs" c="dimmed">
            {ROLE_SHOWN[option.value as Role].may}
          </Text>
        </div>
      )}
      comboboxProps={{ width: 280, position: 'bottom-start' }}
      value={value}
      onChange={(next) => {
        const role = ROLES.find((each) => each === next);
        if (role) onChange(role);
      }}
    />
  );
}
