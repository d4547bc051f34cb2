import { IconBan, IconCheck } from '@tabler/icons-react';
import { ShownBadge } from './StatusBadge.js';

/** Whether calls are made with something: a number, an agent, a provider. */
export function UseBadge({ disabled }: { disabled: boolean }) {
  return disabled ? (
    <ShownBadge shown={{ label: 'Disabled', tone: 'grey' }} Icon={IconBan} />
  ) : (
    <ShownBadge shown={{ label: 'Enabled', tone: 'green' }} Icon={IconCheck} />
  );
}
