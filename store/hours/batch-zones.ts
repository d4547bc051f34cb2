import type { Queryable } from '../database.js';

/** What the hours of a batch depend on beside its own row. */
export type HoursContext = {
  zoneSets: string[];
  rulePacks: string[] | null;
  rulePacksVersion: number;
  hasRecipients: boolean;
  /** An upload was checked by whose clock counts, and is not confirmed, or its rows still follow. */
  hasUploads: boolean;
};

/** The zone sets of a batch's recipients, the workspace's rule packs, and whether anybody is in it, or in an upload to it. */
export async function readHoursContext(
  db: Queryable,
  workspaceId: string,
  batchId: string | null,
): Promise<HoursContext> {
  const { rows } = await db.query(
    `SELECT ARRAY(SELECT zone_set FROM batch_zones WHERE batch_id = $2 UNION SELECT '') AS "zoneSets", rule_packs AS "rulePacks",
       rule_packs_version AS "rulePacksVersion",
       EXISTS (SELECT FROM recipient_states WHERE batch_id = $2) AS "hasRecipients",
       EXISTS (SELECT FROM imports WHERE batch_id = $2 AND (status IN ('RECEIVING', 'REVIEW') OR rows_outstanding)) AS "hasUploads"
     FROM workspaces WHERE id = $1`,
    [workspaceId, batchId],
  );
  return rows[0];
}
