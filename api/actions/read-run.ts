import { WorkflowNotFoundError, type WorkflowHandle } from '@temporalio/client';
import { stateQuery, workflowIdOf, type RunState } from '../../workflows/contract.js';
import { withoutEndSlash } from '../../platform/without-end-slash.js';
import type { ApiDeps } from '../http/operation.js';
import { within } from '../http/within.js';

const DESCRIBE_TIMEOUT_MS = 1_000;
const QUERY_TIMEOUT_MS = 800;

/** What Temporal knows about a batch's run; says what is missing rather than failing. */
export async function readRun({ temporal, config, logger }: ApiDeps, batchId: string) {
  const workflowId = workflowIdOf(batchId);
  const nothing = {
    workflowId,
    runId: null,
    status: null,
    startedAt: null,
    closedAt: null,
    historyLength: null,
    state: null,
    link: null,
  };
  const handle = temporal.client.workflow.getHandle(workflowId);
  try {
    const described = await within(
      DESCRIBE_TIMEOUT_MS,
      temporal.client.withDeadline(Date.now() + DESCRIBE_TIMEOUT_MS, () => handle.describe()),
    );
    const { runId, status, startTime, closeTime, historyLength } = described;
    return {
      ...nothing,
      available: true,
      runId,
      status: status.name,
      startedAt: startTime.toISOString(),
      closedAt: closeTime?.toISOString() ?? null,
      historyLength,
      ...(await readState(temporal.client, handle)),
      link:
        config.temporalUiUrl &&
        `${withoutEndSlash(config.temporalUiUrl)}/namespaces/${encodeURIComponent(temporal.namespace)}/workflows/${workflowId}/${runId}/history`,
    };
  } catch (err) {
    if (err instanceof WorkflowNotFoundError)
      return {
        ...nothing,
        available: true,
        stateMissing: 'The batch has no run: it was not submitted, or its run ended long ago.',
      };
    logger.warn({ batchId, err }, 'Temporal could not describe a run');
    return { ...nothing, available: false, stateMissing: 'Temporal did not answer.' };
  }
}

async function readState(
  client: ApiDeps['temporal']['client'],
  handle: WorkflowHandle,
): Promise<{ state: RunState | null; stateMissing: string | null }> {
  try {
    const state = await within(
      QUERY_TIMEOUT_MS,
      client.withDeadline(Date.now() + QUERY_TIMEOUT_MS, () => handle.query(stateQuery)),
    );
    return { state, stateMissing: null };
  } catch {
    return { state: null, stateMissing: `No worker answered within ${QUERY_TIMEOUT_MS} ms.` };
  }
}
