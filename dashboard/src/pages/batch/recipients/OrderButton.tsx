import { IconArrowsSort } from '@tabler/icons-react';
import { ReasonedButton } from '../../../parts/ReasonedButton.js';
import type { RecipientOrder } from './use-recipients.js';

type OrderButtonProps = { order: RecipientOrder; isSearching: boolean; onOrder: (order: RecipientOrder) => void };

/** The API has two orders: a press takes the other one. */
export function OrderButton({ order, isSearching, onOrder }: OrderButtonProps) {
  return (
    <ReasonedButton
      variant="default"
      leftSection={<IconArrowsSort size={16} aria-hidden />}
      whyNot={isSearching ? 'What a search finds has an order of its own.' : null}
      onClick={() => onOrder(order === 'status' ? 'ordinal' : 'status')}
    >
      {order === 'status' ? 'Order: by status' : 'Order: as they came'}
    </ReasonedButton>
  );
}
