import { useQueryClient } from '@tanstack/react-query';
import type { paths } from '../../../../client/index.js';
import { answered, api, type Schemas } from '../../api/client.js';
import { keys } from '../../api/queries.js';
import { useChange } from '../../app/changes/use-change.js';
import { showDone } from '../../parts/notices.js';

type Change = {
  name?: string;
  concurrency?: number;
  callsPerSecond?: number | null;
  frequencyCap?: number | null;
  rulePacks?: string[];
  requiresSecondFactor?: boolean;
};

type Body = NonNullable<paths['/v1/workspace']['patch']['requestBody']>['content']['application/json'];

/** Changes the workspace; what is left out stays. */
export function useWorkspaceChange(onDone: (now: Schemas['Workspace']) => void = () => undefined) {
  const client = useQueryClient();
  return useChange((change: Change) => answered(api.PATCH('/v1/workspace', { body: change as Body })), {
    again: [keys.usage],
    onDone: (now) => {
      client.setQueryData(keys.workspace, now);
      showDone('Saved.');
      onDone(now);
    },
  });
}
