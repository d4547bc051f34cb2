import { IconPlus } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Role } from '../../../../domain/people/roles.js';
import { useRoleLacks } from '../../app/session.js';
import { ReasonedButton } from '../../parts/ReasonedButton.js';

type AdminButtonProps = {
  /** With what it is about: in a table many are called alike. */
  label?: string;
  lowest?: Role;
  /** Why it cannot be done, whoever asks. */
  whyNot?: string | null;
  isDoing?: boolean;
  isGrave?: boolean;
  /** Adds something: what the page is there for. */
  isMain?: boolean;
  onClick: () => void;
  children: ReactNode;
};

/** A small button of the settings, for admins unless it says otherwise. */
export function AdminButton(props: AdminButtonProps) {
  const {
    label,
    lowest = 'admin',
    whyNot = null,
    isDoing = false,
    isGrave = false,
    isMain = false,
    onClick,
    children,
  } = props;
  const lacks = useRoleLacks(lowest);
  return (
    <ReasonedButton
      size={isMain ? 'sm' : 'xs'}
      variant={isMain ? 'filled' : 'default'}
      leftSection={isMain && <IconPlus size={16} aria-hidden />}
      c={isGrave ? 'var(--tone-red)' : undefined}
      whyNot={lacks ?? whyNot}
      loading={isDoing}
      aria-label={label}
      onClick={onClick}
    >
      {children}
    </ReasonedButton>
  );
}
