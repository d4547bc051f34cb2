import type { Logger } from '../platform/logger.js';
import { UnreadableSecretError } from '../platform/secret-box.js';
import type { Database } from '../store/database.js';
import { WrongEncryptionKeyError } from '../store/settings/canary.js';
import { setAsideUnreadable } from '../store/settings/lost-credentials.js';
import { readProviderAccount, type ProviderAccountRow } from '../store/settings/read-provider-account.js';
import type { Secrets } from '../store/settings/secrets.js';

type ReaderDeps = {
  db: Database;
  logger: Logger;
  secrets: Secrets;
  /** The installation has another key than this process, which can dial nobody: it has to stop. */
  onWrongKey(err: WrongEncryptionKeyError): void;
};

/**
 * Reads accounts for the adapters of a worker. One whose credentials cannot be opened is set aside: its batches pause and
 * say why, so that its recipients are not claimed and released for ever. Safe to repeat: what is set aside already stays
 * so. If the process dies before that is committed, the next dial does it.
 */
export function createAccountReader({ db, logger, secrets, onWrongKey }: ReaderDeps) {
  return async (id: string): Promise<ProviderAccountRow | null> => {
    try {
      return await readProviderAccount(db.pool, secrets, id);
    } catch (err) {
      if (err instanceof UnreadableSecretError) await setAside(id);
      throw err;
    }
  };

  /** Throws nothing: that the account cannot be read is what counts, and is told. */
  async function setAside(id: string): Promise<void> {
    try {
      const { isNew, paused } = await setAsideUnreadable(db, secrets, id);
      if (isNew)
        logger.error(
          { providerAccountId: id, batchesPaused: paused.length },
          'the credentials of a provider account cannot be read; no call starts through it until all of them were entered again',
        );
    } catch (err) {
      if (err instanceof WrongEncryptionKeyError) onWrongKey(err);
      else logger.warn({ err, providerAccountId: id }, 'could not set aside a provider account; trying again');
    }
  }
}
