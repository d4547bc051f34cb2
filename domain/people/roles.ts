/** What somebody may do, each role what those before it may too: viewer reads, operator runs batches, admin sets up. */
export const ROLES = ['viewer', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number];
