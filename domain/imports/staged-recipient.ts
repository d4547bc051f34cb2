import type { RecipientDraft } from '../recipients/recipient-row.js';

/** An accepted row as it is kept until the confirm; what is empty is left out, which halves a large import's size. */
export function stagedRecipient(recipient: RecipientDraft): Record<string, unknown> {
  const { phone, name, variables, metadata, sipHeaders, skipPhoneCheck, timeZone, repaired, original } = recipient;
  const { overrideAgentId, overrideAgentVersion } = recipient;
  const staged: Record<string, unknown> = { phone, variables };
  if (name !== null) staged['name'] = name;
  if (Object.keys(metadata).length > 0) staged['metadata'] = metadata;
  if (Object.keys(sipHeaders).length > 0) staged['sipHeaders'] = sipHeaders;
  if (skipPhoneCheck) staged['skipPhoneCheck'] = true;
  if (overrideAgentId !== null) staged['overrideAgentId'] = overrideAgentId;
  if (overrideAgentVersion !== null) staged['overrideAgentVersion'] = overrideAgentVersion;
  if (timeZone !== null) staged['timeZone'] = timeZone;
  if (repaired) Object.assign(staged, { repaired, original });
  return staged;
}
