import { publicId } from '../../domain/ids.js';
import { reasonOf, type BlockingThing } from '../../domain/reasons.js';
import type { BatchRow } from '../../store/batches/read-batches.js';

export type Wait = {
  reason: string;
  until: string | null;
  message: string;
  /** What an operator can do. */
  advice: string | null;
  /** What has to change, to go there; the workspace has no id in the API. */
  blockedBy: { kind: BlockingThing; id: string | null } | null;
};

/** Why a call of a batch is not made, in words: `domain/reasons.ts`. A reason that another release wrote is shown as it is. */
export function describeWait(reason: string, until: Date | null, batch: BatchRow): Wait {
  const { says, advice, blockedBy } = reasonOf(reason) ?? { says: inWords(reason), advice: null };
  return {
    reason,
    until: until?.toISOString() ?? null,
    message: says,
    advice,
    blockedBy: blockedBy ? { kind: blockedBy, id: idOf(blockedBy, batch) } : null,
  };
}

function inWords(reason: string): string {
  return `${reason.charAt(0)}${reason.slice(1).toLowerCase().replaceAll('_', ' ')}.`;
}

/** Null also for what a draft does not have yet. */
function idOf(thing: BlockingThing, batch: BatchRow): string | null {
  switch (thing) {
    case 'workspace':
      return null;
    case 'batch':
      return publicId('batch', batch.id);
    case 'phoneNumber':
      return batch.fromNumberId && publicId('phoneNumber', batch.fromNumberId);
    case 'providerAccount':
      return batch.providerAccountId && publicId('providerAccount', batch.providerAccountId);
    case 'agent':
      return batch.agentId && publicId('agent', batch.agentId);
  }
}
