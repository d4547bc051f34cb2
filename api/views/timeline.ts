import { publicId } from '../../domain/ids.js';
import type { AuditRow } from '../../store/people/read-audit.js';
import type { AttemptRow } from '../../store/recipients/read-recipients.js';

type Entry = { at: Date; attemptId: string; actor: string | null; what: string; detail: string | null };

const EVENT_WORDS: Record<string, string> = { STARTED: 'started', ENDED: 'ended', ANALYZED: 'analysed' };
/** How an attempt ended that the provider has reported no end of. */
const END_WORDS: Record<string, string> = { ENDED: 'ended', RELEASED: 'released unsent', NOT_PLACED: 'proven absent' };

/** Everything that happened with a recipient's calls, in order: what we did, what the provider told, what people asked for. */
export function toTimeline(attempts: readonly AttemptRow[], audit: readonly AuditRow[]) {
  const entries = [...attempts.flatMap(entriesOf), ...audit.map(auditEntry)];
  return entries
    .sort((a, b) => a.at.getTime() - b.at.getTime())
    .map(({ at, attemptId, ...entry }) => ({
      at: at.toISOString(),
      attemptId: publicId('attempt', attemptId),
      ...entry,
    }));
}

function entriesOf({ id, state, dialingAt, acceptedAt, endedAt, outcome, endReason, events }: AttemptRow): Entry[] {
  const entry = (at: Date, what: string, detail: string | null = null): Entry => ({
    at,
    attemptId: id,
    actor: null,
    what,
    detail,
  });
  const hasEnd = events.some(({ kind }) => kind === 'ENDED');
  return [
    entry(dialingAt, 'claimed'),
    ...(acceptedAt ? [entry(acceptedAt, 'accepted by the provider')] : []),
    ...events.map((event) =>
      entry(
        new Date(event.occurredAt),
        EVENT_WORDS[event.kind] ?? event.kind,
        describe(event.outcome, event.endReason),
      ),
    ),
    ...(endedAt && !hasEnd ? [entry(endedAt, END_WORDS[state] ?? 'ended', describe(outcome, endReason))] : []),
  ];
}

function auditEntry({ at, attemptId, actor, action, detail }: AuditRow): Entry {
  const words = [detail['verdict'], detail['outcome']].filter((word) => typeof word === 'string');
  return { at, attemptId: attemptId!, actor, what: action, detail: words.join(', ') || null }; // asked for by attempt
}

function describe(outcome: string | null, endReason: string | null): string | null {
  return [outcome, endReason].filter((word) => word !== null).join(': ') || null;
}
