import { RateLimiterRes } from 'rate-limiter-flexible';
import type { Database } from '../../../store/database.js';
import { MailNotSentError } from '../../../platform/mail/mailer.js';
import { createWindow, hashedKey } from './windows.js';

export type MailLimits = {
  /** Counts a mail that a workspace sends to an address. @throws MailNotSentError when it is one too many */
  take(workspaceId: string, email: string): Promise<void>;
};

const WINDOW_S = 3_600;
const TO_ONE_ADDRESS_MAX = 10;
const OF_WORKSPACE_MAX = 200;

/** Nobody's mailbox is flooded by invitations, and no workspace sends mails to the world in the name of the installation. */
export function createMailLimits(sharedWith: Database | null): MailLimits {
  const window = (keyPrefix: string, points: number) =>
    createWindow({ keyPrefix, points, durationS: WINDOW_S }, sharedWith);
  const toAddress = window('mail-address', TO_ONE_ADDRESS_MAX);
  const ofWorkspace = window('mail-workspace', OF_WORKSPACE_MAX);
  return {
    async take(workspaceId, email) {
      try {
        await toAddress.consume(hashedKey(email));
        await ofWorkspace.consume(workspaceId);
      } catch (thrown) {
        if (!(thrown instanceof RateLimiterRes)) throw thrown;
        throw new MailNotSentError(
          'TOO_MANY',
          `In an hour, ${TO_ONE_ADDRESS_MAX} links are sent to one address, and ${OF_WORKSPACE_MAX} by one workspace, at most.`,
        );
      }
    },
  };
}
