import { publicId } from '../../domain/ids.js';
import { createApiClient, type ApiClient } from '../../dev/demo/api-client.js';
import { createApiKey } from '../../store/people/api-keys.js';
import type { TestPlatform } from './platform.js';

export const ALL_DAY = Object.fromEntries(
  ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'].map((day) => [
    day,
    [['00:00', '24:00']],
  ]),
);

/** A client with an admin key of the platform's workspace. */
export async function apiOf({ test, api, workspace }: TestPlatform): Promise<ApiClient> {
  const { key } = await createApiKey(test.db, { workspaceId: workspace.workspaceId, name: 'Test', role: 'admin' });
  return createApiClient(api.url, key);
}

/** The least that a batch needs, with `count` recipients. */
export function batchBody({ workspace }: TestPlatform, count: number) {
  return {
    name: 'Reminders',
    fromNumberId: publicId('phoneNumber', workspace.fromNumberId),
    timeZone: 'Europe/Madrid',
    window: ALL_DAY,
    start: 'now',
    submit: true,
    recipients: Array.from({ length: count }, (_, index) => ({
      phoneNumber: `+1202555${String(100 + index).padStart(4, '0')}`,
    })),
  };
}

export type ShownBatch = {
  id: string;
  status: string;
  why: { reason: string; until: string | null; message: string } | null;
  counters: { recipients: Record<string, number>; attempts: Record<string, number> };
};
