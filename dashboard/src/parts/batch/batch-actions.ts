import {
  IconBan,
  IconCopy,
  IconDownload,
  IconHistory,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconRefresh,
  IconReload,
  IconTrash,
  IconTypography,
  type Icon,
} from '@tabler/icons-react';
import { whyNotShown } from '../../../../domain/shown/why-not.js';
import type { Batch } from '../../api/client.js';

/** What changes nothing: everybody may, at any time. */
const LOOKING = ['calls', 'results', 'reload'] as const;
type Looking = (typeof LOOKING)[number];
export type ActionName = 'edit' | 'rename' | 'pause' | 'resume' | 'cancel' | 'retry' | 'duplicate' | 'delete' | Looking;
export type ShownAction = {
  name: ActionName;
  label: string;
  Icon: Icon;
  /** Cannot be undone, or ends calls. */
  isGrave?: true;
};

export const BATCH_ACTIONS_SHOWN: readonly ShownAction[] = [
  { name: 'edit', label: 'Edit draft', Icon: IconPencil },
  { name: 'rename', label: 'Rename', Icon: IconTypography },
  { name: 'pause', label: 'Pause', Icon: IconPlayerPause },
  { name: 'resume', label: 'Resume', Icon: IconPlayerPlay },
  { name: 'cancel', label: 'Cancel', Icon: IconBan, isGrave: true },
  { name: 'retry', label: 'Call again', Icon: IconRefresh },
  { name: 'duplicate', label: 'Duplicate', Icon: IconCopy },
  { name: 'calls', label: 'View calls', Icon: IconHistory },
  { name: 'results', label: 'Download results', Icon: IconDownload },
  { name: 'reload', label: 'Reload', Icon: IconReload },
  { name: 'delete', label: 'Delete', Icon: IconTrash, isGrave: true },
];

/** Why it cannot be done now: the role of who asks, else what the API says of this batch. Null: it can. */
export function whyNotOf(batch: Batch, { name }: Pick<ShownAction, 'name'>, roleLacks: string | null): string | null {
  if (isLooking(name)) return null;
  if (roleLacks !== null) return roleLacks;
  if (name === 'edit' && batch.status !== 'DRAFT')
    return 'Only a draft is edited here. Its settings say what can be changed.';
  return whyNotShown(name, batch.status, batch.allowedActions[name]);
}

function isLooking(name: ActionName): name is Looking {
  return LOOKING.some((each) => each === name);
}
