import { Anchor } from '@mantine/core';
import type { MouseEvent } from 'react';
import { Link } from 'react-router';
import { useAddress } from '../../app/use-address.js';
import { PhoneNumber } from '../../parts/PhoneNumber.js';

/** Opens a call beside the list; the address has its id, never the number. */
export function OpenCall({ id, phoneNumber }: { id: string; phoneNumber: string }) {
  const [params, change] = useAddress();
  const next = new URLSearchParams(params);
  next.set('call', id);
  const open = (event: MouseEvent): void => {
    // Another tab opens the address as it was drawn.
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    change({ call: id });
  };
  return (
    <Anchor component={Link} to={{ search: next.toString() }} onClick={open} size="sm">
      <PhoneNumber value={phoneNumber} />
    </Anchor>
  );
}
