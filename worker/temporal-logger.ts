import { DefaultLogger } from '@temporalio/worker';
import type { Logger } from '../platform/logger.js';

/** What Temporal says beside its message, as far as it is shown: ids and names of ours. */
const SHOWN = [
  'sdkComponent',
  'namespace',
  'taskQueue',
  'workflowId',
  'workflowRunId',
  'runId',
  'workflowType',
  'activityId',
  'activityType',
  'attempt',
  'durationMs',
] as const;
const LEVELS = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/** Temporal's own warnings, in our log and by its rules: an error of an activity or of a connection is not printed as it is. */
export function createTemporalLogger(logger: Logger): DefaultLogger {
  return new DefaultLogger('WARN', ({ level, message, meta = {} }) => {
    const shown = Object.fromEntries(SHOWN.flatMap((key) => (isPlain(meta[key]) ? [[key, meta[key]]] : [])));
    logger[LEVELS[level]]({ ...shown, ...errorOf(meta['error']) }, message);
  });
}

/** Temporal's native part gives its errors as text, of which the gRPC code is told. */
function errorOf(error: unknown): Record<string, unknown> {
  if (typeof error !== 'string') return error === undefined ? {} : { err: error };
  const code = /\bcode: '?([A-Z][A-Za-z]{1,30})\b/.exec(error)?.[1];
  return code === undefined ? {} : { grpcCode: code };
}

function isPlain(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number';
}
