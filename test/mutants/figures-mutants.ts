import type { Mutant } from './mutant.js';

const FIGURES = 'test/store/figures/figures.spec.ts';
const MIGRATION = 'prisma/migrations/20261201000030_figures/migration.sql';

/** Figures are what the attempts say, at every moment. */
export const FIGURES_MUTANTS: readonly Mutant[] = [
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
    find: 'SELECT c.bucket_at, c.measure, c.change FROM span, figure_changes c',
    replace: 'SELECT c.bucket_at, c.measure, c.change FROM span, figure_changes c JOIN workspaces ON false',
    spec: FIGURES,
    title: 'are what the counters count',
  },
];
