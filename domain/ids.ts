/**
 * Public ids. PostgreSQL stores native uuids (v7); the API shows `<prefix>_<32 hex digits>`, so that an id says what it
 * names and the wrong kind of id is refused before it reaches a query.
 */
export const ID_PREFIXES = {
  workspace: 'ws',
  apiKey: 'key',
  member: 'mem',
  providerAccount: 'acc',
  phoneNumber: 'num',
  agent: 'agt',
  batch: 'bat',
  import: 'imp',
  recipient: 'rcp',
  attempt: 'att',
  job: 'job',
  event: 'evt',
} as const;
export type IdKind = keyof typeof ID_PREFIXES;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const HEX_LENGTH = 32;
const HEX = /^[0-9a-f]{32}$/;

/** The public form of a uuid. Throws a RangeError for anything that is not a uuid: that is a bug, never a client's mistake. */
export function publicId(kind: IdKind, uuid: string): string {
  const lower = uuid.toLowerCase();
  if (!UUID.test(lower)) throw new RangeError(`'${uuid}' is not a uuid, so it has no public ${kind} id`);
  return `${ID_PREFIXES[kind]}_${lower.replaceAll('-', '')}`;
}

/** The uuid (dashes, lower case) behind a public id of this kind, or null. One id has one spelling: upper case is refused. */
export function parsePublicId(kind: IdKind, text: string): string | null {
  const prefix = `${ID_PREFIXES[kind]}_`;
  if (text.length !== prefix.length + HEX_LENGTH || !text.startsWith(prefix)) return null;
  const hex = text.slice(prefix.length);
  if (!HEX.test(hex)) return null;
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** An id of this kind, to be shown in documents. */
export function exampleId(kind: IdKind): string {
  return `${ID_PREFIXES[kind]}_0190a6f2c8e87b4f9d1e2a3b4c5d6e7f`;
}
