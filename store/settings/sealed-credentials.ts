import type { Secrets } from './secrets.js';

/** What an account needs to be reached, by the names of its kind's schema. In the clear: for adapters only. */
export type Credentials = Readonly<Record<string, string>>;

/** One text, for the row of this account only. */
export function sealCredentials(secrets: Secrets, accountId: string, credentials: Credentials): string {
  return secrets.seal(JSON.stringify(credentials), accountId);
}

/** @throws UnreadableSecretError */
export function openCredentials(secrets: Secrets, accountId: string, sealed: string): Credentials {
  return JSON.parse(secrets.open(sealed, accountId)) as Credentials; // only sealCredentials seals for an account
}

/** A credential that is null is none. */
export function withoutNulls(credentials: Readonly<Record<string, string | null>>): Credentials {
  return Object.fromEntries(
    Object.entries(credentials).filter((entry): entry is [string, string] => entry[1] !== null),
  );
}
