import { Anchor } from '@mantine/core';
import { Link, useSearchParams } from 'react-router';
import { PhoneNumber } from '../../parts/PhoneNumber.js';

/** Opens a call beside the list; the address has its id, never the number. */
export function OpenCall({ id, phoneNumber }: { id: string; phoneNumber: string }) {
  const [params] = useSearchParams();
  const next = new URLSearchParams(params);
  next.set('call', id);
  return (
    <Anchor component={Link} to={{ search: next.toString() }} size="sm">
      <PhoneNumber value={phoneNumber} />
    </Anchor>
  );
}
