import { queryForLong, type Database } from '../../database.js';
import type { Asked } from '../plain-rows.js';

/** What can be deleted while no batch ever had it. */
export type UnusedKind = 'phoneNumber' | 'agent' | 'providerAccount';
export type DeleteResult = 'DELETED' | 'NOT_FOUND' | 'USED' | 'BOUND' | 'HAS_PARTS';

/** That no attempt names a number is found by reading the attempts of the workspace: a few seconds for millions. */
const DELETE_TIMEOUT = '60s';

/** Deletes what was never used (`delete_unused`). Safe to repeat: what is gone is not found. */
export async function deleteUnused(
  db: Database,
  { workspaceId, actor }: Asked,
  { kind, id }: { kind: UnusedKind; id: string },
): Promise<DeleteResult> {
  const { rows } = await queryForLong<{ result: DeleteResult }>(db, DELETE_TIMEOUT, [
    'SELECT delete_unused($1, $2, $3, $4) AS result',
    [workspaceId, kind, id, JSON.stringify(actor)],
  ]);
  return rows[0]!.result; // a function of one row
}
