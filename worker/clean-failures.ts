import type { Context } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { ActivityInterceptors } from '@temporalio/worker';
import { describeError, loggable } from '../platform/loggable.js';

/**
 * What an activity throws is kept in the history of the run, where no personal data may be: it leaves the worker as
 * what may be logged of it. That it was cancelled is told as it is. Repeated like any other failure.
 */
export function throwCleanFailures({ cancellationSignal }: Context): ActivityInterceptors {
  return {
    inbound: {
      async execute(input, next) {
        try {
          return await next(input);
        } catch (err) {
          throw cancellationSignal.aborted && isCancellation(err) ? err : toCleanFailure(err);
        }
      },
    },
  };
}

function isCancellation(err: unknown): boolean {
  return err instanceof CancelledFailure || (err instanceof Error && err.name === 'AbortError');
}

function toCleanFailure(thrown: unknown): ApplicationFailure {
  const { name, stack } = loggable(thrown);
  const message = describeError(thrown);
  const nonRetryable = thrown instanceof ApplicationFailure && thrown.nonRetryable === true;
  const failure = ApplicationFailure.create({ message, type: name, nonRetryable });
  failure.stack = [message, ...stack.map((frame) => `    at ${frame}`)].join('\n');
  return failure;
}
