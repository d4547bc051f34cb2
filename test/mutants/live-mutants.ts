import type { Mutant } from './mutant.js';

const FIGURES = 'test/store/figures/figures.spec.ts';
const MIGRATION = 'prisma/migrations/20261201000030_figures/migration.sql';
const EVENTS = 'test/api/events.spec.ts';
const HUB = 'api/http/live/hub.ts';

/** Figures are what the attempts say; who listens hears everything of the own workspace, and nothing more, for as long as it may. */
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
    find: 'rooms.get(change.workspaceId)?.changed(thing, when)',
    replace: '[...rooms.values()][0]?.changed(thing, when)',
    spec: EVENTS,
    title: 'hears nothing of other workspaces',
  },
  {
    protection: 'listeners read anew after the notifications were away',
    file: HUB,
    find: 'if (!isFirst) again();',
    replace: '',
    spec: EVENTS,
    title: 'is told to read anew when the notifications of PostgreSQL were away',
  },
  {
    protection: 'counters are told once a second at most',
    file: 'api/http/live/room.ts',
    find: 'Math.max(performance.now(), readAtMs + TOLD_EVERY_MS)',
    replace: 'readAtMs',
    spec: EVENTS,
    title: 'hears of the first call after quiet at once, and of more of them once a second at most',
  },
  {
    protection: 'what one listener has missed is told to no other one',
    file: 'api/http/live/room.ts',
    find: 'isForAll && told !== before ? listeners : missedBy',
    replace: 'isForAll || told === before || missedBy.size > 0 ? listeners : missedBy',
    spec: EVENTS,
    title: 'is not told again what another one has missed',
  },
  {
    protection: 'a stream ends when its session works in another workspace',
    file: 'store/people/sessions/session-store.ts',
    find: "AND sess ->> 'workspaceId' = $2",
    replace: 'AND $2::text IS NOT NULL',
    spec: EVENTS,
    title: 'when its session works in another workspace by now',
  },
  {
    protection: 'who comes again is told what was committed late',
    file: 'store/live/read-live.ts',
    find: "changed_at >= $2::timestamptz - interval '${COMMIT_MAX}'",
    replace: "changed_at >= $2::timestamptz + interval '${COMMIT_MAX}'",
    spec: EVENTS,
    title: 'that was cut off is told what has changed meanwhile',
  },
  {
    protection: 'what an attempt counted as before is taken off the figures',
    file: MIGRATION,
    find: "figures_of(OLD) o WHERE TG_OP = 'UPDATE'",
    replace: 'figures_of(OLD) o WHERE false',
    spec: FIGURES,
    title: 'are what the counters count',
  },
  {
    protection: 'the cursor of figures passes no transaction that is under way',
    file: 'store/figures/add_figures.sql',
    find: 'pg_snapshot_xmin(pg_current_snapshot())',
    replace: 'pg_snapshot_xmax(pg_current_snapshot())',
    spec: FIGURES,
    title: 'are read while a transaction that changes them is under way',
  },
  {
    protection: 'the cursor of figures moves on',
    file: 'store/figures/add_figures.sql',
    find: 'UPDATE figures_cursor SET xid = finished;',
    replace: 'NULL;',
    spec: FIGURES,
    title: 'cost the same to add after many changes',
  },
  {
    protection: 'the cursor of figures begins anew in a restored database',
    file: 'store/figures/add_figures.sql',
    find: 'IF added_until > finished THEN',
    replace: 'IF false THEN',
    spec: FIGURES,
    title: 'are added in a cluster that counts its transactions anew',
  },
  {
    protection: 'a look has the figures that were not added yet',
    file: 'store/figures/read-figures.ts',
    find: '${NOT_ADDED} FROM span, figure_changes c',
    replace: '${NOT_ADDED} FROM span, figure_changes c JOIN workspaces ON false',
    spec: FIGURES,
    title: 'are what the counters count',
  },
  {
    protection: 'each measure has its own column of figures',
    file: 'store/figures/add_figures.sql',
    find: "FILTER (WHERE measure = 'AGENT_ERROR')",
    replace: "FILTER (WHERE measure = 'PROVIDER_ERROR')",
    spec: FIGURES,
    title: 'are each of its own measure',
  },
  {
    protection: 'many streams of one person are looked up as one',
    file: 'api/http/live/look-ups.ts',
    find: 'if (!before) return begin(whose, work);',
    replace: 'if (!before || whose) return begin(whose, work);',
    spec: 'api/http/live/look-ups.spec.ts',
    title: 'of one person are one that is under way and one after it',
  },
];
