import { createHash } from 'node:crypto';
import type { CallFact } from '../domain/calls/call-fact.js';

/** Enough that two facts about one call never have the same. */
const DIGEST_LENGTH = 32;

/**
 * The key of a fact: the call, the kind, and a digest of what the provider says, in its own words and with its own times.
 * The same said again, by a webhook that is sent twice or by a look-up, has the same key; another end of the same call has
 * another, so that both are kept and weighed. What we add ourselves, such as the time of receipt, must not be part of it.
 */
export function factKey(callId: string, kind: CallFact['kind'], says: readonly unknown[]): string {
  const told = says.map((said) => said ?? null);
  const digest = createHash('sha256').update(JSON.stringify(told)).digest('hex').slice(0, DIGEST_LENGTH);
  return `${callId}:${kind.toLowerCase()}:${digest}`;
}
