import type { Fix } from '../../../domain/imports/fixes.js';
import type { Actor } from '../../../domain/people/actor.js';

/**
 * Where a fix is. CLEARING: what an earlier one kept is forgotten first. RUNNING: row by row. UNDOING: the same way back.
 * It begins as CLEARING or RUNNING, and DONE and UNDONE are its ends.
 */
type FixStage = 'CLEARING' | 'RUNNING' | 'DONE' | 'UNDOING' | 'UNDONE';

/** How many rejected rows there were, and what became of them so far. */
type FixedRows = {
  of: number;
  checked: number;
  accepted: number;
  /** They are still rejected, with new cells or a new reading. */
  changed: number;
  leftOut: number;
  undone: number;
};

/** The last fix of an import, as it is kept with it. */
export type FixState = Fix & {
  /** The first is 1. */
  number: number;
  stage: FixStage;
  /** The last row that was looked at in this stage. */
  through: number;
  rows: FixedRows;
  by: Actor;
  startedAt: string;
  endedAt: string | null;
};
