/** Encrypts the secrets of a row, for that row only: `platform/secret-box.ts`, which a process hands in. */
export type Secrets = {
  seal(text: string, ownerId: string): string;
  /** @throws UnreadableSecretError */
  open(sealed: string, ownerId: string): string;
};
