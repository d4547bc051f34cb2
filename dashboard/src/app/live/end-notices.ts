import type { Batch } from '../../api/client.js';
import type { LiveEvent } from '../../../../client/index.js';
import { nameOf } from '../../parts/batch/batch-name.js';
import { counted } from '../../parts/Count.js';
import { isAnyTabSeen } from './seen-tabs.js';

/** In the browser's storage: whether the person wants to be told. */
export const NOTICES_SWITCH = {
  key: 'dialwright-notices',
  defaultValue: 'off',
  getInitialValueInEffect: false,
} as const;

const GOES_ON: readonly Batch['status'][] = ['SCHEDULED', 'PENDING', 'RUNNING', 'PAUSED'];

/** Whether this browser can show notices of a page. */
export function canNotify(): boolean {
  return 'Notification' in window;
}

/**
 * Takes every live event, and tells a person who sees no tab, and has asked for it, when a batch has ended or
 * pauses by itself. `open`: shows the batch.
 */
export function endNotices(open: (batchId: string) => void): (event: LiveEvent) => void {
  /** Of batches that go on. */
  const before = new Map<string, Batch['status']>();
  return ({ name, data }) => {
    if (name !== 'batch') return;
    const batch = data as unknown as Batch;
    const was = before.get(batch.id);
    if (GOES_ON.includes(batch.status)) before.set(batch.id, batch.status);
    else before.delete(batch.id);
    const words = was === undefined || was === batch.status ? null : wordsFor(batch);
    if (words === null || !isWanted()) return;
    void isAnyTabSeen().then((isSeen) => !isSeen && notify(batch, words, open));
  };
}

function notify(batch: Batch, body: string, open: (batchId: string) => void): void {
  // By its tag: several tabs show one notice.
  const notice = new Notification(nameOf(batch), { body, tag: `${batch.id} ${batch.status}` });
  notice.onclick = () => {
    window.focus();
    open(batch.id);
    notice.close();
  };
}

function isWanted(): boolean {
  // As the library stores it.
  const isOn = window.localStorage.getItem(NOTICES_SWITCH.key)?.includes('on') ?? false;
  return isOn && canNotify() && Notification.permission === 'granted';
}

/** What is worth a notice; a pause or a cancel by a person is not. */
function wordsFor({ status, statusReason, counters: { recipients, attempts } }: Batch): string | null {
  if (status === 'COMPLETED')
    return `Completed: ${counted(recipients.total, 'recipient', 'recipients')}, ${attempts.pickedUp} picked up.`;
  if (status === 'FAILED') return statusReason ?? 'Failed.';
  return status === 'PAUSED' && (statusReason?.startsWith('Paused by itself') ?? false) ? statusReason : null;
}
