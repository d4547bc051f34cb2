import { createHash } from 'node:crypto';

/**
 * The id of the row that a request with this use of an Idempotency-Key creates (a version 8 uuid). A repetition, also one that
 * another process answers, derives the same id and so cannot create a second row.
 */
export function derivedId(workspaceId: string, use: string, kind: string): string {
  const bytes = createHash('sha256').update(`${workspaceId}\n${kind}\n${use}`).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
