import type { Database, Queryable } from '../database.js';
import type { PhoneNumber } from '../generated/client.js';
import { pageOfWorkspace, recordCreated, type Asked, type Page } from './plain-rows.js';

/** `backedOffUntil`: after a refusal for capacity, until when no call starts; it counts while `backoffMs` is not 0. */
export type PhoneNumberRecord = PhoneNumber;

export async function listPhoneNumbers(
  { prisma }: Database,
  workspaceId: string,
  page: Page,
): Promise<PhoneNumberRecord[]> {
  return prisma.phoneNumber.findMany(pageOfWorkspace(workspaceId, page));
}

export async function readPhoneNumber(
  { prisma }: Database,
  workspaceId: string,
  id: string,
): Promise<PhoneNumberRecord | null> {
  return prisma.phoneNumber.findFirst({ where: { id, workspaceId } });
}

type NewPhoneNumber = Asked & {
  id: string | null;
  providerAccountId: string;
  phone: string;
  label: string | null;
  outbound: boolean;
  outboundAgentId: string | null;
  concurrencyLimit: number | null;
  callsPerSecond: number | null;
};

/** Safe to repeat with an id. @returns the existing number's id when the account has it already */
export async function createPhoneNumber(
  { prisma }: Database,
  { id, actor, ...number }: NewPhoneNumber,
): Promise<{ is: 'created' | 'taken'; id: string }> {
  const data = { ...number, ...(id !== null && { id }) };
  const created = await prisma.$transaction(async (tx) => {
    const [made] = await tx.phoneNumber.createManyAndReturn({ data, skipDuplicates: true, select: { id: true } });
    if (made) await recordCreated(tx, { workspaceId: number.workspaceId, actor }, 'phoneNumber', made.id);
    return made;
  });
  if (created) return { is: 'created', id: created.id };
  const { providerAccountId, phone } = number;
  const taken = await prisma.phoneNumber.findUniqueOrThrow({
    where: { providerAccountId_phone: { providerAccountId, phone } },
    select: { id: true },
  });
  return { is: taken.id === id ? 'created' : 'taken', id: taken.id };
}

type PhoneNumberPatch = {
  label?: string | null | undefined;
  outbound?: boolean | undefined;
  outboundAgentId?: string | null | undefined;
  concurrencyLimit?: number | null | undefined;
  callsPerSecond?: number | null | undefined;
  disabled?: boolean | undefined;
};

/**
 * Changes a number (`update_phone_number`): no call that starts after the answer goes by what was before. Disabling it, or its
 * calling out, pauses the running batches that use it. @returns the batches to wake, or null when there is no such number.
 */
export async function updatePhoneNumber(
  db: Queryable,
  { workspaceId, actor }: Asked,
  id: string,
  patch: PhoneNumberPatch,
): Promise<string[] | null> {
  const { rows } = await db.query('SELECT is_found AS "isFound", paused FROM update_phone_number($1, $2, $3, $4)', [
    workspaceId,
    id,
    JSON.stringify(patch),
    JSON.stringify(actor),
  ]);
  const { isFound, paused } = rows[0];
  return isFound ? paused : null;
}
