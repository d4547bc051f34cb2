import { Button, Tooltip, type ButtonProps } from '@mantine/core';
import type { ComponentPropsWithoutRef } from 'react';

type ReasonedButtonProps = ButtonProps &
  Omit<ComponentPropsWithoutRef<'button'>, keyof ButtonProps> & {
    /** Why it cannot be used now; null: it can. */
    whyNot: string | null;
  };

/** A button that stays at its place when it cannot be used, and says why: to a pointer, to the keyboard, to a tap. */
export function ReasonedButton({ whyNot, onClick, ...props }: ReasonedButtonProps) {
  if (whyNot === null) return <Button {...props} onClick={onClick} />;
  return (
    <Tooltip label={whyNot}>
      <Button
        {...props}
        data-disabled
        aria-disabled
        aria-description={whyNot}
        onClick={(event) => event.preventDefault()}
      />
    </Tooltip>
  );
}
