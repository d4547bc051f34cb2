import type { Mutant } from './mutant.js';

const EVENTS = 'test/api/events.spec.ts';
const HUB = 'api/http/live/hub.ts';

/** Who listens hears everything of the own workspace, and nothing more, for as long as it may. */
export const LIVE_MUTANTS: readonly Mutant[] = [
  {
    protection: 'a listener is looked up again at once when access changes',
    file: HUB,
    find: "if (notice?.kind === 'access') lookAgainAt(notice.whose);",
    replace: "if (notice?.kind === 'access') return;",
    spec: EVENTS,
    title: 'when its key is revoked',
  },
  {
    protection: 'a listener hears of its own workspace alone',
    file: HUB,
    find: 'const room = rooms.get(workspaceId);',
    replace: 'const room = [...rooms.values()][0];',
    spec: EVENTS,
    title: 'hears nothing of other workspaces',
  },
  {
    protection: 'listeners read anew after the notifications were away',
    file: HUB,
    find: 'if (!isFirst) for',
    replace: 'if (false) for',
    spec: EVENTS,
    title: 'is told to read anew when the notifications of PostgreSQL were away',
  },
  {
    protection: 'counters are told once a second at most',
    file: HUB,
    find: 'Math.max(performance.now(), thing.readAtMs + TOLD_EVERY_MS)',
    replace: 'performance.now()',
    spec: EVENTS,
    title: 'hears of the first call after quiet at once, and of more of them once a second at most',
  },
  {
    protection: 'who comes again is told what was committed late',
    file: 'store/live/read-live.ts',
    find: "changed_at >= $2::timestamptz - interval '${COMMIT_MAX}'",
    replace: "changed_at >= $2::timestamptz + interval '${COMMIT_MAX}'",
    spec: EVENTS,
    title: 'that was cut off is told what has changed meanwhile',
  },
];
