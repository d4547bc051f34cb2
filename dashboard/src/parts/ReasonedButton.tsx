import { Button, Tooltip, type ButtonProps } from '@mantine/core';
import type { ComponentPropsWithoutRef } from 'react';

type ReasonedButtonProps = ButtonProps &
  Omit<ComponentPropsWithoutRef<'button'>, keyof ButtonProps> & {
    /** Why it cannot be used now; null: it can. */
    whyNot: string | null;
  };

/**
 * A button that stays at its place when it cannot be used, and says why: to a pointer, to the keyboard, to a tap. It is the same
 * one in both cases, so that it keeps the focus when that changes.
 */
export function ReasonedButton({ whyNot, onClick, ...props }: ReasonedButtonProps) {
  const isFree = whyNot === null;
  return (
    <Tooltip label={whyNot} disabled={isFree}>
      <Button
        {...props}
        {...(!isFree && { 'data-disabled': true, 'aria-disabled': true, 'aria-description': whyNot })}
        onClick={isFree ? onClick : (event) => event.preventDefault()}
      />
    </Tooltip>
  );
}
