import type { Request, Response } from 'express';
import type { Role } from '../../../domain/people/roles.js';
import type { Config } from '../../../platform/config.js';
import type { Database } from '../../../store/database.js';
import {
  authenticate,
  requireConfirmation,
  requireRole,
  requireSecondFactorOf,
  RoleTooLowError,
} from './authenticate.js';
import { ApiError } from '../errors.js';
import type { Asked, Auth, Operation } from '../operation.js';
import { createRateLimits } from './rate-limits.js';
import { isSessionIn } from '../../../store/people/sessions/session-store.js';
import { createRefusalNotes } from './record-asked.js';

/** A body may take minutes to come, and a place seconds to become free. For what only reads, what let it in is good for so long. */
const GOOD_FOR_MS = 200;

type KeyedOperation = Operation & { role: Role };

/** Who gets in: a key that is right, does not ask too often, and has the role. What is refused for want of a role is recorded. */
export function createGate(db: Database, config: Pick<Config, 'settings' | 'sharedRateLimits'>) {
  const refusals = createRefusalNotes(db.pool);
  const limits = createRateLimits(config.settings, config.sharedRateLimits ? db : null);
  return {
    /**
     * `work` asks `stillIn` when it begins to do what is asked: who was removed, or has a lower role, since the request began
     * is refused; so is what wants a confirmation of the session that is too old by now, or was never there.
     * @throws ApiError unauthorized, too_many_requests, second_factor_required, forbidden, confirmation_required, and what
     * `work` throws
     */
    async pass(
      operation: KeyedOperation,
      { req, res }: { req: Request; res: Response },
      work: (auth: Auth, stillIn: (asked: Asked) => Promise<void>) => Promise<void>,
    ): Promise<void> {
      const auth = await authenticateSlowed(req);
      const inAtMs = performance.now();
      res.locals['apiKeyId'] = auth.actor.id;
      res.set(await limits.take(auth.actor.id, operation));
      requireSecondFactorOf(auth, operation);
      try {
        requireRole(auth, operation.role, 'This');
        await work(auth, async (asked) => {
          const isLive = operation.usualWork === 'live';
          const isLate = operation.method !== 'get' || isLive || performance.now() - inAtMs > GOOD_FOR_MS;
          const now = isLate ? await lookAgain(operation, auth, req) : auth;
          await requireConfirmation(now, operation, asked);
        });
      } catch (err) {
        if (err instanceof RoleTooLowError) refusals.note(auth, operation.id);
        throw err;
      }
    },
  };

  async function lookAgain(operation: KeyedOperation, { actor }: Auth, req: Request): Promise<Auth> {
    const now = await authenticate(db, req, { again: true });
    const { workspaceId } = now;
    const isOn = !now.member || (await isSessionIn(db.pool, { sessionId: req.sessionID, workspaceId }));
    if (now.actor.id !== actor.id || !isOn)
      throw new ApiError('unauthorized', 'The session was ended, or changed, meanwhile. Ask again.');
    requireSecondFactorOf(now, operation);
    requireRole(now, operation.role, 'This');
    return now;
  }

  /** A wrong key is told so, some times a minute. */
  async function authenticateSlowed(req: Request): Promise<Auth> {
    try {
      return await authenticate(db, req);
    } catch (err) {
      if (err instanceof ApiError && err.code === 'unauthorized') await limits.takeWrongKey(req.ip ?? '');
      throw err;
    }
  }
}
