import type { Actor } from '../../domain/people/actor.js';
import { setTimeout } from 'node:timers/promises';
import type { Database, Queryable } from '../database.js';

export type NewWorkspace = { name: string; concurrencyLimit: number };

/** Who asks for a change of a workspace; a command id that was recorded already changes nothing, and is not recorded again. */
export type WorkspaceCommand = { workspaceId: string; actor: Actor; commandId: string | null };
export type StopCommand = WorkspaceCommand & { stopped: boolean; reason: string | null; role: string };
export type WorkspacePatch = {
  name?: string | undefined;
  concurrencyLimit?: number | undefined;
  callsPerSecond?: number | null | undefined;
  frequencyCap?: number | null | undefined;
  /** Null: those that are on by default. */
  rulePacks?: readonly string[] | null | undefined;
  requiresSecondFactor?: boolean | undefined;
};

/** Calls that are asked to hang up in one statement. */
const HANG_UPS_MAX = 5_000;
/** A call whose row is just being written is passed over, and asked in the next round: about a second in all. */
const HANG_UP_ROUNDS_MAX = 50;
const HANG_UP_ROUND_MS = 20;

/** @returns the new workspace's uuid. */
export async function createWorkspace(db: Database, workspace: NewWorkspace): Promise<string> {
  const { id } = await db.prisma.workspace.create({ data: workspace, select: { id: true } });
  return id;
}

export async function readWorkspaceName(db: Database, id: string): Promise<string> {
  const { name } = await db.prisma.workspace.findUniqueOrThrow({ where: { id }, select: { name: true } });
  return name;
}

/** The first workspace of this name. @returns its uuid, or null */
export async function findWorkspace(db: Database, name: string): Promise<string | null> {
  const found = await db.prisma.workspace.findFirst({
    where: { name },
    orderBy: { createdAt: 'asc' },
    select: { id: true },
  });
  return found?.id ?? null;
}

/**
 * Changes name, limits and rule packs (`update_workspace`): no call that starts after the answer goes by the old ones. Live
 * calls above a lower limit go on. Safe to repeat. @returns the batches whose hours have to be planned again
 */
export async function updateWorkspace(
  db: Queryable,
  { workspaceId, actor, commandId }: WorkspaceCommand,
  patch: WorkspacePatch,
): Promise<string[]> {
  const { rows } = await db.query('SELECT batch_ids AS "batchIds" FROM update_workspace($1, $2, $3, $4)', [
    workspaceId,
    JSON.stringify(patch),
    JSON.stringify(actor),
    commandId,
  ]);
  return rows[0].batchIds;
}

/**
 * Sets or lifts the emergency stop (`stop_workspace`): once a stop has been answered, no further attempt becomes DIALING. It
 * is lifted by the role that set it or a higher one. Safe to repeat.
 * @returns the batches whose runs have to look again; the role that the lift needs, when it was refused for that
 */
export async function stopWorkspace(
  db: Queryable,
  { workspaceId, actor, commandId, stopped, reason, role }: StopCommand,
): Promise<{ needsRole: string | null; batchIds: string[] }> {
  const { rows } = await db.query(
    'SELECT needs_role AS "needsRole", batch_ids AS "batchIds" FROM stop_workspace($1, $2, $3, $4)',
    [workspaceId, stopped, JSON.stringify({ actor, role, reason }), commandId],
  );
  return rows[0];
}

/** Asks for every live call of a workspace to be hung up; the settler does it. @returns how many were not asked before */
export async function hangUpWorkspace(db: Queryable, workspaceId: string): Promise<number> {
  let asked = 0;
  for (let round = 0; round < HANG_UP_ROUNDS_MAX; round++) {
    if (round > 0) await setTimeout(HANG_UP_ROUND_MS);
    const { rows } = await db.query('SELECT request_hang_ups($1, NULL, $2) AS asked', [workspaceId, HANG_UPS_MAX]);
    asked += rows[0].asked;
    const left = await db.query(
      `SELECT FROM held_slots($1) WHERE state IN ('DIALING', 'IN_PROGRESS') AND hang_up_asked_at IS NULL LIMIT 1`,
      [workspaceId],
    );
    if (left.rowCount === 0) break;
  }
  return asked;
}
