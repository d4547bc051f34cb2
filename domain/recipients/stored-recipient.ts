import { BATCH_ZONE_SET } from '../hours/zone-sets.js';
import type { RecipientDraft } from './recipient-row.js';

/** A recipient as SQL's `insert_recipients` takes it, and as an accepted row waits for its confirm. What is empty is left out. */
export type StoredRecipient = Pick<RecipientDraft, 'phone' | 'variables'> &
  Partial<Omit<RecipientDraft, 'country'>> & {
    /** The zones in which it is called; the batch's own when it is left out. */
    zoneSet?: string;
  };

/** Leaving out what is empty halves the size of a large import. */
export function toStoredRecipient(recipient: RecipientDraft, zoneSet: string): StoredRecipient {
  const {
    phone,
    phoneKey,
    otherKeys,
    name,
    variables,
    metadata,
    sipHeaders,
    skipPhoneCheck,
    timeZone,
    repaired,
    original,
  } = recipient;
  const { overrideAgentId, overrideAgentVersion, notBefore, notAfter } = recipient;
  const stored: StoredRecipient = { phone, variables };
  if (phoneKey !== undefined && phoneKey !== phone) stored.phoneKey = phoneKey;
  if (otherKeys && otherKeys.length > 0) stored.otherKeys = otherKeys;
  if (name !== null) stored.name = name;
  if (Object.keys(metadata).length > 0) stored.metadata = metadata;
  if (Object.keys(sipHeaders).length > 0) stored.sipHeaders = sipHeaders;
  if (skipPhoneCheck) stored.skipPhoneCheck = true;
  if (overrideAgentId !== null) stored.overrideAgentId = overrideAgentId;
  if (overrideAgentVersion !== null) stored.overrideAgentVersion = overrideAgentVersion;
  if (timeZone !== null) stored.timeZone = timeZone;
  if (notBefore !== null) stored.notBefore = notBefore;
  if (notAfter !== null) stored.notAfter = notAfter;
  if (repaired) Object.assign(stored, { repaired, original });
  if (zoneSet !== BATCH_ZONE_SET) stored.zoneSet = zoneSet;
  return stored;
}
