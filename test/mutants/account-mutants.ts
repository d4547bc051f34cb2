import type { Mutant } from './mutant.js';

/** Whose account it is that answers, whose key it is that opens, and what follows when no call can be sent. */
export const ACCOUNT_MUTANTS: readonly Mutant[] = [
  {
    protection: 'an absence that another account tells is no evidence',
    file: 'store/attempts/note_absent.sql',
    find: `OR a.provider_call_id IS NOT NULL
    OR a.identity_version <> (SELECT identity_version FROM provider_accounts WHERE id = a.provider_account_id) THEN`,
    replace: 'OR a.provider_call_id IS NOT NULL THEN',
    spec: 'test/store/attempts/whose-evidence.spec.ts',
    title: 'is settled by no absence, is never dialled again',
  },
  {
    protection: 'nobody waits for ever for an absence that nobody can confirm any more',
    file: 'store/attempts/take_unsettled.sql',
    find: "IF a.state = 'NOT_PLACED' AND a.identity_version <> account_identity THEN",
    replace: 'IF false THEN',
    spec: 'test/store/attempts/whose-evidence.spec.ts',
    title: 'is UNCERTAIN when its absence was to be confirmed',
  },
  {
    protection: 'a new key has to show whose it is while attempts are open',
    file: 'store/settings/update-provider-account.ts',
    find: "if (openAttempts > 0) return { is: 'other-account', openAttempts };",
    replace: '',
    spec: 'test/store/attempts/whose-evidence.spec.ts',
    title: 'is refused when nothing shows whose it is',
  },
  {
    protection: 'a shorter settle delay does not hurry the second absence',
    file: 'store/attempts/note_absent.sql',
    find: "settle_delay := greatest(p_settle_delay, a.absent_delay_ms * interval '1 ms');",
    replace: 'settle_delay := p_settle_delay;',
    spec: 'test/store/attempts/whose-evidence.spec.ts',
    title: 'a settle delay that was made shorter',
  },
  {
    protection: 'an adapter that was kept for another identity neither dials nor is asked',
    file: 'telephony/provider-directory.ts',
    find: 'identityVersion === undefined || settings.identityVersion === identityVersion;',
    replace: 'true;',
    spec: 'telephony/provider-directory.spec.ts',
    title: 'gives no adapter that it kept for another identity',
  },
  {
    protection: 'a process with another key than the installation does not start',
    file: 'store/settings/canary.ts',
    find: 'if (canary === null || !opensCanary(secrets, canary)) throw new WrongEncryptionKeyError();',
    replace: '',
    spec: 'test/store/settings/encryption-key.spec.ts',
    title: 'that is the first makes the canary',
  },
  {
    protection: 'a worker that has the wrong key pauses nobody',
    file: 'store/settings/lost-credentials.ts',
    find: 'if (!isKeyLost && !(await isEncryptionKeyRight(tx, secrets))) throw new WrongEncryptionKeyError();',
    replace: '',
    spec: 'test/store/settings/encryption-key.spec.ts',
    title: 'is not to blame when it is the process that has the wrong key',
  },
  {
    protection: 'calls that cannot be sent make their batch wait',
    file: 'store/calls/batch_prospect.sql',
    find: 'IF b.unsent_until > p_now AND',
    replace: 'IF false AND',
    spec: 'test/store/calls/releases.spec.ts',
    title: 'make their batch wait longer and longer',
  },
  {
    protection: 'a batch that can send nothing pauses',
    file: 'store/calls/release_call.sql',
    find: "IF in_a_row >= 7 AND b.status = 'RUNNING' THEN",
    replace: 'IF false THEN',
    spec: 'test/store/calls/releases.spec.ts',
    title: 'and pause it with the reason at the seventh',
  },
];
