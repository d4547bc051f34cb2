/**
 * Where a person chooses a password. The token is in the fragment, which no server and no mail scanner that opens the link sees;
 * a POST spends it. `publicUrl` is the address of the installation; null where it is not known.
 */
export function linkAddress({ publicUrl }: { publicUrl: string | null }, token: string): string {
  return `${publicUrl ?? ''}/#/welcome/${token}`;
}
