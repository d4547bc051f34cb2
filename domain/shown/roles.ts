import type { Role } from '../people/roles.js';

/** How each role is shown, and what it may do. */
export const ROLE_SHOWN: Record<Role, { label: string; may: string }> = {
  viewer: { label: 'Viewer', may: 'Sees everything, changes nothing' },
  operator: { label: 'Operator', may: 'Runs batches, and stops all calling' },
  admin: { label: 'Admin', may: 'Sets up numbers, providers, people and keys' },
};
