import { RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';
import type { Database } from '../../../store/database.js';
import { MailNotSentError } from '../../../platform/mail/mailer.js';
import { createWindow, hashedKey, takeFrom, type GiveBack } from './windows.js';

export type MailLimits = {
  /**
   * Counts a mail that a workspace sends to an address, before it is sent: so many at the same moment are not more.
   * @returns what takes it back, for a mail that no mail server was offered @throws MailNotSentError when it is one too many, which
   * counts for nobody
   */
  take(workspaceId: string, email: string): Promise<() => Promise<void>>;
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
      // The workspace first: one that has sent too many takes nothing from the address, which others send to.
      const backToWorkspace = await consume(ofWorkspace, workspaceId);
      try {
        const backToAddress = await consume(toAddress, hashedKey(email));
        return async () => void (await Promise.all([backToWorkspace(), backToAddress()]));
      } catch (err) {
        await backToWorkspace();
        throw err;
      }
    },
  };
}

/** @returns what gives it back, while the window from which it was taken lasts */
async function consume(window: RateLimiterAbstract, key: string): Promise<GiveBack> {
  try {
    return await takeFrom(window, key);
  } catch (thrown) {
    if (!(thrown instanceof RateLimiterRes)) throw thrown;
    throw new MailNotSentError(
      'TOO_MANY',
      `In an hour, ${TO_ONE_ADDRESS_MAX} links are sent to one address, and ${OF_WORKSPACE_MAX} by one workspace, at most.`,
      { wasOffered: false },
    );
  }
}
