import { IconActivity, IconHistory, IconPhoneOff, IconPhoneOutgoing, IconSettings } from '@tabler/icons-react';

/** Where one can go from every page. `key`: after G, by keyboard. */
export const PAGES = [
  { to: '/batches', label: 'Batch Calls', key: 'b', Icon: IconPhoneOutgoing },
  { to: '/live', label: 'Live', key: 'l', Icon: IconActivity },
  { to: '/calls', label: 'Calls', key: 'c', Icon: IconHistory },
  { to: '/do-not-call', label: 'Do not call', key: 'd', Icon: IconPhoneOff },
  { to: '/settings', label: 'Settings', key: 's', Icon: IconSettings },
] as const;
